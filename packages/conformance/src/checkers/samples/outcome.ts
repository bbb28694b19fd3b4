import type { Fact } from '../../history/history.js'
import { began, came, deadLettered, ended, failed, fault, handled, healed, historyOf, sent, settled } from './build-history.js'
import { samplesOf, type Sample } from './sample.js'

const attempts = samplesOf('I8', {
  violations: {
    'an attempt is left out': historyOf(sent('m1'), failed('m1'), handled('m1', { delivery: 'd2', attempt: 3 })),
    'an attempt is counted twice': historyOf(sent('m1'), failed('m1'), handled('m1', { delivery: 'd2', attempt: 1 })),
    'a release counts as an attempt': historyOf(sent('m1'), came('m1'), settled('d-m1', 'released'), handled('m1', { delivery: 'd2', attempt: 2 })),
    'one more than the policy allows': historyOf(sent('m1'), failed('m1', { maxAttempts: 1 }), handled('m1', { delivery: 'd2', attempt: 2, maxAttempts: 1 })),
    'a dead letter, and then a success': historyOf(
      sent('m1'),
      came('m1'),
      began('m1'),
      ended('r-d-m1', 'failed'),
      deadLettered('m1'),
      settled('d-m1'),
      handled('m1', { delivery: 'd2', attempt: 2 }),
    ),
    'two dead letters': historyOf(sent('m1'), came('m1'), began('m1'), ended('r-d-m1', 'failed'), deadLettered('m1'), deadLettered('m1'), settled('d-m1')),
  },
  legal: {
    'up to the last attempt': historyOf(sent('m1'), failed('m1', { maxAttempts: 2 }), handled('m1', { delivery: 'd2', attempt: 2, maxAttempts: 2 })),
    'an abandoned run is no failure': historyOf(
      sent('m1'),
      came('m1'),
      began('m1'),
      ended('r-d-m1', 'abandoned'),
      settled('d-m1', 'released'),
      handled('m1', { delivery: 'd2' }),
    ),
    'what comes back has forgotten its failures in place': historyOf(
      sent('m1'),
      came('m1'),
      began('m1', { run: 'r1' }),
      ended('r1', 'failed'),
      began('m1', { run: 'r2', attempt: 2 }),
      ended('r2', 'abandoned'),
      settled('d-m1', 'released'),
      handled('m1', { delivery: 'd2', attempt: 1 }),
    ),
    'each handler has its own attempts and end': historyOf(
      sent('m1'),
      came('m1'),
      began('m1', { handler: 'h1', run: 'r1' }),
      ended('r1'),
      began('m1', { handler: 'h2', run: 'r2' }),
      ended('r2', 'failed'),
      deadLettered('m1', { handler: 'h2' }),
      settled('d-m1'),
    ),
    'a fault makes a second dead letter': historyOf(
      sent('m1'),
      came('m1'),
      began('m1'),
      ended('r-d-m1', 'failed'),
      deadLettered('m1'),
      fault(1),
      healed,
      came('m1', { delivery: 'd2' }),
      began('m1', { delivery: 'd2' }),
      ended('r-d2', 'failed'),
      deadLettered('m1'),
      settled('d2'),
    ),
  },
})

const position = (committed: number, unfinished: number): Fact => ({ kind: 'position', log: 'orders/0', committed, unfinished })

const settlePosition = samplesOf('I9', {
  violations: {
    'committed past an unfinished record': historyOf(position(3, 3), position(5, 3)),
    'past a released record by one': historyOf(position(8, 7)),
  },
  legal: {
    'up to the unfinished record': historyOf(position(3, 3)),
    'back to an older position': historyOf(position(5, 5), position(2, 5)),
  },
})

const effect = (logical: string, run?: string): Fact => ({ kind: 'effect', logical, ...(run !== undefined && { run }) })

const effectOnce = samplesOf('I11', {
  violations: {
    'an effect happens twice': historyOf(effect('order-1'), effect('order-1')),
    'a redelivery repeats the effect': historyOf(effect('order-1', 'r1'), fault(1), healed, effect('order-1', 'r2')),
  },
  legal: {
    'two effects, each once': historyOf(effect('order-1', 'r1'), effect('order-2', 'r1')),
    'a second run without a second effect': historyOf(effect('order-1', 'r1'), sent('m1'), handled('m1')),
  },
})

const seen = (place: string, digest: string): Fact => ({ kind: 'seen', message: 'm1', place, digest })

const fidelity = samplesOf('I16', {
  violations: {
    'the retry copy differs': historyOf(seen('sent', 'a1'), seen('handler', 'a1'), seen('retry', 'b2')),
    'the dead letter differs': historyOf(seen('handler', 'a1'), seen('orders.dead-letter', 'b2')),
  },
  legal: {
    'the same everywhere': historyOf(seen('sent', 'a1'), seen('handler', 'a1'), seen('orders.dead-letter', 'a1')),
    'another message is another content': historyOf(seen('sent', 'a1'), { kind: 'seen', message: 'm2', place: 'sent', digest: 'b2' }),
  },
})

export const outcomeSamples: readonly Sample[] = [...attempts, ...settlePosition, ...effectOnce, ...fidelity]
