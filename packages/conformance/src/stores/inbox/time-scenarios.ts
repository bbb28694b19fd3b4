import type { StoreScenario } from '../store-suite.js'
import { watched } from '../watched.js'
import { asked, claimed, completed, dayMs, kept, leaseMs, request, stateOf, waiting, type InboxPlace } from './inbox-place.js'

/** Leases, retention, and what is too old. */
export const timeScenarios: readonly StoreScenario<InboxPlace>[] = [
  {
    id: 'IN-22',
    title: 'The row of a process that died is taken over, at the latest when its lease is over',
    async run(lab) {
      const [dead, alive] = [await lab.place.open(), await lab.place.open()]
      await claimed(lab, dead, request(lab.place))
      await lab.place.kill(dead)
      await lab.place.advance(leaseMs + 1)
      await completed(lab, await claimed(lab, alive, request(lab.place)))
    },
  },
  {
    id: 'IN-23',
    title: 'Who waits for the row of a process that died gets it, at the latest when the lease is over',
    async run(lab) {
      const [dead, alive] = [await lab.place.open(), await lab.place.open()]
      await claimed(lab, dead, request(lab.place))
      const wait = await waiting(lab, alive, request(lab.place))
      await lab.place.kill(dead)
      await lab.place.advance(leaseMs + 1)
      lab.checks.named('taken over').equal(wait && stateOf(wait), 'claimed')
    },
  },
  {
    id: 'IN-24',
    title: 'A claim that is kept outlives its lease',
    async run(lab) {
      const store = await lab.place.open()
      const holder = await claimed(lab, store, request(lab.place))
      const wait = await waiting(lab, store, request(lab.place))
      await kept(lab.place, holder, 4 * leaseMs)
      lab.checks.named('the other one waits').equal(wait?.state, 'waiting')
      await completed(lab, holder)
    },
  },
  {
    id: 'IN-25',
    title: 'A holder whose row was taken over changes nothing any more',
    async run(lab) {
      const [dead, alive] = [await lab.place.open(), await lab.place.open()]
      const zombie = await claimed(lab, dead, request(lab.place))
      await lab.place.kill(dead)
      await lab.place.advance(leaseMs + 1)
      const holder = await claimed(lab, alive, request(lab.place))
      const [renewed, late] = [
        watched(zombie?.renew?.() ?? Promise.resolve('lost' as const)),
        watched(zombie?.complete({}) ?? Promise.resolve('lost' as const)),
      ]
      await lab.place.advance(0)
      lab.checks.named('it does not renew').isTrue(renewed.value !== 'held', 'held')
      lab.checks.named('it does not complete').isTrue(late.value !== 'done', 'done')
      await zombie?.release().catch(() => undefined)
      lab.checks.named('the row is still held').equal(stateOf(await asked(lab.place, alive, request(lab.place))), 'held')
      await completed(lab, holder)
    },
  },
  {
    id: 'IN-26',
    title: 'A redelivery that is older than the retention is too old',
    async run(lab) {
      const store = await lab.place.open()
      const time = lab.place.now() - lab.place.retentionMs - 2 * dayMs
      const answer = await asked(lab.place, store, request(lab.place, { time, redelivered: true }))
      lab.checks.named('too old').equal(stateOf(answer), 'too-old')
    },
  },
  {
    id: 'IN-27',
    title: 'A first delivery that is older than the retention is claimed, and done when it is done',
    async run(lab) {
      const store = await lab.place.open()
      const time = lab.place.now() - lab.place.retentionMs - 3 * dayMs
      await completed(lab, await claimed(lab, store, request(lab.place, { time })))
      lab.checks.named('its duplicate').equal(stateOf(await asked(lab.place, store, request(lab.place, { time }))), 'done')
      lab.checks.named('its redelivery').equal(stateOf(await asked(lab.place, store, request(lab.place, { time, redelivered: true }))), 'done')
    },
  },
  {
    id: 'IN-28',
    title: 'A redelivery within the retention is never too old',
    async run(lab) {
      const store = await lab.place.open()
      const time = lab.place.now() - lab.place.retentionMs + dayMs
      await completed(lab, await claimed(lab, store, request(lab.place, { time, redelivered: true })))
    },
  },
  {
    id: 'IN-29',
    title: 'A message that tells no time is claimed, done when it is done, and never too old',
    async run(lab) {
      const store = await lab.place.open()
      const { time: _, ...timeless } = request(lab.place, { redelivered: true })
      await completed(lab, await claimed(lab, store, timeless))
      lab.checks.named('its duplicate').equal(stateOf(await asked(lab.place, store, timeless)), 'done')
    },
  },
  {
    id: 'IN-30',
    title: 'What is done is kept for the retention',
    async run(lab) {
      const store = await lab.place.open()
      const wanted = request(lab.place)
      await completed(lab, await claimed(lab, store, wanted))
      await lab.place.advance(lab.place.retentionMs - 60_000)
      lab.checks.named('still done').equal(stateOf(await asked(lab.place, store, { ...wanted, redelivered: true })), 'done')
    },
  },
  {
    id: 'IN-31',
    title: 'What is claimed is never cleaned up, however old it is',
    async run(lab) {
      const store = await lab.place.open()
      const long = request(lab.place, { leaseMs: 4 * lab.place.retentionMs })
      const holder = await claimed(lab, store, long)
      await lab.place.advance(lab.place.retentionMs + 3 * dayMs)
      // Whatever cleans up has reason to.
      await completed(lab, await claimed(lab, store, request(lab.place, { id: 'another' })))
      lab.checks.named('still held').equal(stateOf(await asked(lab.place, store, long)), 'held')
      await completed(lab, holder)
    },
  },
]
