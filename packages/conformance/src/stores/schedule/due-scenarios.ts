import type { ScheduleStore } from '@waybill/core/contract'
import type { StoreScenario } from '../store-suite.js'
import { bus, claim, claimed, dayMs, keysOf, leaseMs, message, never, outgoing, startMs, type SchedulePlace } from './schedule-place.js'

const dueMs = startMs + 60_000

/** What is kept, and when it is given out. */
export const dueScenarios: readonly StoreScenario<SchedulePlace>[] = [
  {
    id: 'SD-01',
    title: 'A message is given out when it is due, not a millisecond earlier, and nobody else gets it',
    async run(lab) {
      const [first, second] = [await lab.place.open(), await lab.place.open()]
      await first.add(bus, [message('a')], never)
      await claimed(lab, first, { atMs: dueMs - 1, keys: [] })
      await claimed(lab, second, { atMs: dueMs, keys: ['a'] })
      await claimed(lab, first, { atMs: dueMs, keys: [] })
    },
  },
  {
    id: 'SD-02',
    title: 'What comes out is what went in: destination, envelope, bytes, original, and header maps without a prototype',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('a', { purpose: 'retry' })], never)
      const [row] = (await claim(store, dueMs)).rows
      lab.checks.named('the message').equal(row?.outgoing, outgoing('a'))
      lab.checks
        .named('the rest of the row')
        .equal({ ...row, outgoing: undefined, token: undefined }, { ...message('a', { purpose: 'retry' }), outgoing: undefined, token: undefined, failures: 0 })
      const maps = [row?.outgoing.envelope.headers, row?.outgoing.envelope.system]
      lab.checks.named('prototypes of the header maps').equal(
        maps.map((map) => map && Object.getPrototypeOf(map)),
        [null, null],
      )
    },
  },
  {
    id: 'SD-03',
    title: 'A body that is a tombstone, a topic, and what is absent come out as they went in',
    async run(lab) {
      const store = await lab.place.open()
      const { original: _, ...plain } = outgoing('a')
      const { key: _key, expiresAt: _expiresAt, replyTo: _replyTo, correlationId: _correlation, causationId: _cause, ...envelope } = plain.envelope
      const given = { ...plain, destination: { kind: 'topic', name: 'placed', ordered: false } as const, envelope: { ...envelope, body: null } }
      const { cancelId: _cancelId, ...row } = message('a', { outgoing: given })
      await store.add(bus, [row], never)
      const [found] = (await claim(store, dueMs)).rows
      lab.checks.named('the message').equal(found?.outgoing, given)
      lab.checks.named('nothing to cancel it by').isTrue(found !== undefined && !('cancelId' in found), 'it has a cancelId')
    },
  },
  {
    id: 'SD-04',
    title: 'The store keeps values: what its caller changes afterwards changes nothing',
    async run(lab) {
      const store = await lab.place.open()
      const given = outgoing('a')
      await store.add(bus, [message('a', { outgoing: given })], never)
      given.envelope.body?.fill(7)
      const [first] = (await claim(store, dueMs)).rows
      lab.checks.named('the body after its giver has changed it').equal(first?.outgoing.envelope.body?.[9], 9)
      first?.outgoing.envelope.body?.fill(7)
      const [again] = (await claim(store, dueMs + leaseMs)).rows
      lab.checks.named('the body after its receiver has changed it').equal(again?.outgoing.envelope.body?.[9], 9)
    },
  },
  {
    id: 'SD-05',
    title: 'What is due is given out by its time, and among equals in the order of adding',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('three', { dueMs: dueMs + 3 }), message('one', { dueMs: dueMs + 1 }), message('two', { dueMs: dueMs + 2 })], never)
      for (const key of ['z', 'y', 'x']) await store.add(bus, [message(key, { dueMs: dueMs + 2 })], never)
      await claimed(lab, store, { atMs: dueMs + 3, keys: ['one', 'two', 'z', 'y', 'x', 'three'] })
    },
  },
  {
    id: 'SD-06',
    title: 'The limit holds, and what is left is said to be claimable now',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(
        bus,
        Array.from({ length: 5 }, (_, index) => message(`m${index}`)),
        never,
      )
      const first = await claim(store, dueMs, 2)
      lab.checks.named('two').equal(keysOf(first), ['m0', 'm1'])
      lab.checks.named('the next at once').atMost(first.nextMs ?? Infinity, dueMs)
      lab.checks.named('two more').equal(keysOf(await claim(store, dueMs, 2)), ['m2', 'm3'])
      lab.checks.named('the last').equal(keysOf(await claim(store, dueMs, 2)), ['m4'])
    },
  },
  {
    id: 'SD-07',
    title: 'It says when the next row can be claimed: when it is due, when its lease ends, when it was given back to',
    async run(lab) {
      const store = await lab.place.open()
      lab.checks.named('of nothing').equal((await claim(store, startMs)).nextMs, undefined)
      await store.add(bus, [message('a'), message('b', { dueMs: dueMs + 3_650 * dayMs })], never)
      lab.checks.named('of what is not due').equal((await claim(store, startMs)).nextMs, dueMs)
      const held = await claim(store, dueMs)
      lab.checks.named('of what is claimed').equal(held.nextMs, dueMs + leaseMs)
      const [row] = held.rows
      if (row !== undefined) await store.giveBack(bus, [{ key: row.key, token: row.token, againMs: dueMs + 5_000, failures: 1, maybeSent: false }])
      lab.checks.named('of what was given back').equal((await claim(store, dueMs)).nextMs, dueMs + 5_000)
      const [again] = (await claim(store, dueMs + 5_000)).rows
      if (again !== undefined) await store.sent(bus, [again], dueMs + 5_000)
      lab.checks.named('of what is due in ten years').equal((await claim(store, dueMs + 5_000)).nextMs, dueMs + 3_650 * dayMs)
    },
  },
  {
    id: 'SD-08',
    title: 'Rows belong to their bus: another one neither sends nor cancels them, nor minds their keys',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('a')], never)
      lab.checks.named('cancel by another bus').equal(await store.cancel('other', 'a', startMs), 'unknown')
      lab.checks.named('claim by another bus').equal(keysOf(await store.claim('other', { nowMs: dueMs, leaseMs, limit: 10 })), [])
      await store.add('other', [message('a', { dueMs: dueMs + 1 })], never)
      await claimed(lab, store, { atMs: dueMs + 1, keys: ['a'] })
      lab.checks.named('its own').equal(keysOf(await store.claim('other', { nowMs: dueMs + 1, leaseMs, limit: 10 })), ['a'])
    },
  },
  {
    id: 'SD-09',
    title: 'A key that waits is added once: the first row stays, in its place',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('a'), message('b')], never)
      await store.add(bus, [message('a', { dueMs: dueMs + 1_000, ifOver: 'replace' }), message('c')], never)
      await claimed(lab, store, { atMs: dueMs, keys: ['a', 'b', 'c'] })
      await claimed(lab, store, { atMs: dueMs + 1_000, keys: [] })
    },
  },
  {
    id: 'SD-10',
    title: 'An addition whose signal has aborted is rejected, and keeps nothing',
    async run(lab) {
      const store = await lab.place.open()
      const outcome = await store.add(bus, [message('a')], AbortSignal.abort(new Error('given up'))).then(
        () => 'resolved',
        () => 'rejected',
      )
      lab.checks.named('rejected').equal(outcome, 'rejected')
      await claimed(lab, store, { atMs: dueMs, keys: [] })
    },
  },
  {
    id: 'SD-11',
    title: 'Of many that claim at once each row goes to one',
    async run(lab) {
      const stores = await Promise.all(Array.from({ length: 4 }, () => lab.place.open()))
      const keys = Array.from({ length: 200 }, (_, index) => `m${String(index).padStart(3, '0')}`)
      await (stores[0] as ScheduleStore).add(
        bus,
        keys.map((key) => message(key)),
        never,
      )
      const answers = await Promise.all(stores.flatMap((store) => Array.from({ length: 10 }, () => claim(store, dueMs, 7))))
      lab.checks.named('none twice').equal(new Set(answers.flatMap(keysOf)).size, answers.flatMap(keysOf).length)
      lab.checks.named('tokens differ').equal(new Set(answers.flatMap(({ rows }) => rows.map(({ token }) => token))).size, answers.flatMap(keysOf).length)
      const rest = await claim(stores[0] as ScheduleStore, dueMs, 1_000)
      lab.checks.named('all').sameMembers([...answers.flatMap(keysOf), ...keysOf(rest)], keys)
    },
  },
  {
    id: 'SD-12',
    title: 'Who watches hears when something can be claimed earlier, by whomever, until it ends that',
    async run(lab) {
      const [first, second] = [await lab.place.open(), await lab.place.open()]
      if (first.watch === undefined)
        return void lab.checks.named('it cannot be watched, and says so').isTrue(second.watch === undefined, 'one process can, another cannot')
      let heard = 0
      const { promise, resolve } = Promise.withResolvers<void>()
      const end = first.watch(() => {
        heard += 1
        resolve()
      })
      await second.add(bus, [message('a')], never)
      await promise
      lab.checks.named('an addition').atLeast(heard, 1)
      end()
      const before = heard
      await first.add(bus, [message('b')], never)
      lab.checks.named('nothing after its end').equal(heard, before)
    },
  },
]
