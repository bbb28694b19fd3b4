import type { StoreScenario } from '../store-suite.js'
import { bus, claimed, dayMs, leaseMs, message, never, startMs, type SchedulePlace } from './schedule-place.js'

const dueMs = startMs + 60_000

/** What becomes of rows that somebody has claimed, or has cancelled. */
export const claimScenarios: readonly StoreScenario<SchedulePlace>[] = [
  {
    id: 'SD-13',
    title: 'Who dies with a claim loses it when its lease is over, not before, and the next one gets another token',
    async run(lab) {
      const [first, second] = [await lab.place.open(), await lab.place.open()]
      await first.add(bus, [message('a')], never)
      const [dead] = await claimed(lab, first, { atMs: dueMs, keys: ['a'] })
      await claimed(lab, second, { atMs: dueMs + leaseMs - 1, keys: [] })
      const [next] = await claimed(lab, second, { atMs: dueMs + leaseMs, keys: ['a'] })
      lab.checks.named('another claim').isTrue(next?.token !== dead?.token, 'the same token')
    },
  },
  {
    id: 'SD-14',
    title: 'What is sent is never given out again, also when its claim is over and another one has it',
    async run(lab) {
      const [first, second] = [await lab.place.open(), await lab.place.open()]
      await first.add(bus, [message('a')], never)
      const slow = await claimed(lab, first, { atMs: dueMs, keys: ['a'] })
      await claimed(lab, second, { atMs: dueMs + leaseMs, keys: ['a'] })
      await first.sent(bus, slow, dueMs + leaseMs)
      await first.sent(bus, slow, dueMs + leaseMs)
      await claimed(lab, second, { atMs: dueMs + dayMs, keys: [] })
    },
  },
  {
    id: 'SD-15',
    title: 'What is given back can be claimed at the time that was said, with the failures that were said, and never before it is due',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('a')], never)
      const rows = await claimed(lab, store, { atMs: dueMs, keys: ['a'] })
      await store.giveBack(
        bus,
        rows.map(({ key, token }) => ({ key, token, againMs: dueMs + 5_000, failures: 3, maybeSent: false })),
      )
      await claimed(lab, store, { atMs: dueMs + 4_999, keys: [] })
      const [again] = await claimed(lab, store, { atMs: dueMs + 5_000, keys: ['a'] })
      lab.checks.named('failures').equal(again?.failures, 3)
      if (again !== undefined) await store.giveBack(bus, [{ key: 'a', token: again.token, againMs: 0, failures: 3, maybeSent: false }])
      await claimed(lab, store, { atMs: dueMs - 1, keys: [] })
      await claimed(lab, store, { atMs: dueMs, keys: ['a'] })
    },
  },
  {
    id: 'SD-16',
    title: 'What is given back at once keeps its place before what is due later',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('a'), message('b', { dueMs: dueMs + 1 }), message('c', { dueMs: dueMs + 2 })], never)
      const rows = await claimed(lab, store, { atMs: dueMs + 1, keys: ['a', 'b'] })
      await store.giveBack(
        bus,
        rows.toReversed().map(({ key, token }) => ({ key, token, againMs: 0, failures: 0, maybeSent: false })),
      )
      await claimed(lab, store, { atMs: dueMs + 2, keys: ['a', 'b', 'c'] })
    },
  },
  {
    id: 'SD-17',
    title: 'Who has lost its claim cannot give back what another one has',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('a')], never)
      const lost = await claimed(lab, store, { atMs: dueMs, keys: ['a'] })
      await claimed(lab, store, { atMs: dueMs + leaseMs, keys: ['a'] })
      await store.giveBack(
        bus,
        lost.map(({ key, token }) => ({ key, token, againMs: 0, failures: 0, maybeSent: false })),
      )
      await claimed(lab, store, { atMs: dueMs + leaseMs, keys: [] })
    },
  },
  {
    id: 'SD-18',
    title: 'What is cancelled is never given out, and a second cancel says so too',
    async run(lab) {
      const [first, second] = [await lab.place.open(), await lab.place.open()]
      await first.add(bus, [message('a'), message('b')], never)
      lab.checks.named('the first').equal(await second.cancel(bus, 'a', startMs), 'cancelled')
      lab.checks.named('the second').equal(await first.cancel(bus, 'a', startMs), 'cancelled')
      await claimed(lab, first, { atMs: dueMs + dayMs, keys: ['b'] })
    },
  },
  {
    id: 'SD-19',
    title: 'Cancelling is too late as soon as a row is claimed: also when the lease is over, when it was perhaps sent, and when it is sent',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('a')], never)
      const rows = await claimed(lab, store, { atMs: dueMs, keys: ['a'] })
      lab.checks.named('claimed').equal(await store.cancel(bus, 'a', dueMs), 'too-late')
      const [row] = await claimed(lab, store, { atMs: dueMs + leaseMs, keys: ['a'] })
      lab.checks.named('the claim of one who died').equal(await store.cancel(bus, 'a', dueMs + leaseMs), 'too-late')
      if (row !== undefined) await store.giveBack(bus, [{ key: 'a', token: row.token, againMs: 0, failures: 0, maybeSent: false }])
      lab.checks.named('given back by another than who died').equal(await store.cancel(bus, 'a', dueMs + leaseMs), 'too-late')
      await store.sent(bus, rows, dueMs + leaseMs)
      lab.checks.named('sent').equal(await store.cancel(bus, 'a', dueMs + leaseMs + dayMs - 1), 'too-late')
    },
  },
  {
    id: 'SD-20',
    title: 'What came back unsent can be cancelled; what may have been sent cannot',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('refused'), message('unknown')], never)
      const rows = await claimed(lab, store, { atMs: dueMs, keys: ['refused', 'unknown'] })
      await store.giveBack(
        bus,
        rows.map(({ key, token }) => ({ key, token, againMs: 0, failures: 1, maybeSent: key === 'unknown' })),
      )
      lab.checks.named('refused').equal(await store.cancel(bus, 'refused', dueMs), 'cancelled')
      lab.checks.named('unknown').equal(await store.cancel(bus, 'unknown', dueMs), 'too-late')
      await claimed(lab, store, { atMs: dueMs, keys: ['unknown'] })
    },
  },
  {
    id: 'SD-21',
    title: 'Of a claim and a cancel at the same moment one wins: nothing that is cancelled is given out',
    async run(lab) {
      const [first, second] = [await lab.place.open(), await lab.place.open()]
      const keys = Array.from({ length: 100 }, (_, index) => `m${index}`)
      await first.add(
        bus,
        keys.map((key) => message(key)),
        never,
      )
      const both = keys.map((key) => [first.claim(bus, { nowMs: dueMs, leaseMs, limit: 1 }), second.cancel(bus, key, dueMs)] as const)
      const answers = await Promise.all(both.map(async ([, cancel], index) => ({ key: keys[index] as string, answer: await cancel })))
      const taken = await Promise.all(both.map(([claim]) => claim))
      const cancelled = answers.filter(({ answer }) => answer === 'cancelled').map(({ key }) => key)
      const given = taken.flatMap(({ rows }) => rows.map(({ key }) => key))
      lab.checks.named('each is one or the other').sameMembers([...cancelled, ...given], keys)
      lab.checks.named('the others are told that it is too late').equal(answers.filter(({ answer }) => answer === 'too-late').length, given.length)
    },
  },
  {
    id: 'SD-22',
    title: 'What nobody may cancel, and what nobody has stored, is unknown',
    async run(lab) {
      const store = await lab.place.open()
      const { cancelId: _, ...row } = message('a', { purpose: 'retry' })
      await store.add(bus, [row], never)
      lab.checks.named('a copy').equal(await store.cancel(bus, 'a', startMs), 'unknown')
      lab.checks.named('nothing').equal(await store.cancel(bus, 'b', startMs), 'unknown')
      await claimed(lab, store, { atMs: dueMs, keys: ['a'] })
    },
  },
  {
    id: 'SD-23',
    title: 'A key that is over stays over for the same message, sent or cancelled, and is free for a new one',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('sent'), message('cancelled', { dueMs: dueMs + dayMs })], never)
      await store.sent(bus, await claimed(lab, store, { atMs: dueMs, keys: ['sent'] }), dueMs)
      await store.cancel(bus, 'cancelled', dueMs)
      const laterMs = dueMs + 2 * dayMs - 1
      await store.add(bus, [message('sent'), message('cancelled')], never)
      await claimed(lab, store, { atMs: laterMs, keys: [] })
      await store.add(bus, [message('sent', { ifOver: 'replace' }), message('cancelled', { ifOver: 'replace' })], never)
      lab.checks.named('the new one can be cancelled').equal(await store.cancel(bus, 'cancelled', laterMs), 'cancelled')
      await claimed(lab, store, { atMs: laterMs, keys: ['sent'] })
    },
  },
  {
    id: 'SD-24',
    title: 'Messages of one cancel id are cancelled together',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('a', { cancelId: 'id' }), message('b', { cancelId: 'id' }), message('c')], never)
      lab.checks.named('both').equal(await store.cancel(bus, 'id', startMs), 'cancelled')
      await claimed(lab, store, { atMs: dueMs, keys: ['c'] })
    },
  },
  {
    id: 'SD-25',
    title: 'That a row is sent says nothing about a later one of its key, however late and often it is told',
    async run(lab) {
      const store = await lab.place.open()
      await store.add(bus, [message('a')], never)
      const first = await claimed(lab, store, { atMs: dueMs, keys: ['a'] })
      await store.sent(bus, first, dueMs)
      await store.add(bus, [message('a', { dueMs: dueMs + 1_000, ifOver: 'replace' })], never)
      await store.sent(bus, first, dueMs)
      const second = await claimed(lab, store, { atMs: dueMs + 1_000, keys: ['a'] })
      await store.sent(bus, first, dueMs + 1_000)
      await store.giveBack(
        bus,
        second.map(({ key, token }) => ({ key, token, againMs: 0, failures: 0, maybeSent: false })),
      )
      await claimed(lab, store, { atMs: dueMs + 1_000, keys: ['a'] })
    },
  },
  {
    id: 'SD-26',
    title: 'What a second run of its maker adds once more stays over; what another one makes under the key is new',
    async run(lab) {
      const store = await lab.place.open()
      const made = (madeBy: string): ReturnType<typeof message> => message('a', { ifOver: 'replace', madeBy })
      await store.add(bus, [made('one')], never)
      lab.checks.named('the first').equal(await store.cancel(bus, 'a', startMs), 'cancelled')
      await store.add(bus, [made('one')], never)
      await claimed(lab, store, { atMs: dueMs, keys: [] })
      await store.add(bus, [made('two')], never)
      await store.sent(bus, await claimed(lab, store, { atMs: dueMs, keys: ['a'] }), dueMs)
      await store.add(bus, [made('two')], never)
      await claimed(lab, store, { atMs: dueMs, keys: [] })
      await store.add(bus, [message('a', { ifOver: 'replace' })], never)
      await claimed(lab, store, { atMs: dueMs, keys: ['a'] })
    },
  },
]
