import { began, came, deadLettered, ended, failed, fault, handled, healed, historyOf, sent, settled, wait } from './build-history.js'
import { samplesOf, type Sample } from './sample.js'

const depth = (init: Partial<{ endpoint: string; ready: number; unsettled: number; delayed: number; final: boolean; expected: number }> = {}) =>
  ({ kind: 'depth', endpoint: 'orders', ready: 0, unsettled: 0, delayed: 0, final: true, ...init }) as const

const totalQueue = samplesOf('I1', {
  violations: {
    'a confirmed message never comes': historyOf(sent('m1'), sent('m2', { sequence: 2 }), handled('m1')),
    'a message fails and nothing keeps it': historyOf(sent('m1'), failed('m1')),
    'a message is accepted and nothing ran': historyOf(sent('m1'), came('m1'), settled('d-m1')),
    'the retry of one of two handlers never comes': historyOf(
      sent('m1'),
      came('m1'),
      began('m1', { handler: 'h1', run: 'r1' }),
      ended('r1'),
      began('m1', { handler: 'h2', run: 'r2' }),
      ended('r2', 'failed'),
      settled('d-m1'),
    ),
    'one of two subscribers gets nothing': historyOf(sent('m1', { to: 'placed', readers: ['orders', 'billing'] }), handled('m1')),
    'of two messages of one id one comes': historyOf(sent('m1'), sent('m1', { sequence: 2 }), handled('m1')),
    'a message that nobody published comes': historyOf(handled('m1')),
    'a message is handled twice without a fault': historyOf(sent('m1'), handled('m1'), handled('m1', { delivery: 'd2' })),
    'a fault with one in flight, and two come twice': historyOf(
      sent('m1'),
      sent('m2', { sequence: 2 }),
      handled('m1'),
      handled('m2'),
      fault(1),
      healed,
      handled('m1', { delivery: 'd3' }),
      handled('m2', { delivery: 'd4' }),
    ),
  },
  legal: {
    'an unknown outcome never comes': historyOf(sent('m1', {}, 'unknown')),
    'an unknown outcome comes': historyOf(sent('m1', {}, 'unknown'), handled('m1')),
    'a refused message never comes': historyOf(sent('m1', {}, 'refused')),
    'a refused message is sent again': historyOf(sent('m1', {}, 'refused'), sent('m1', { sequence: 2 }), handled('m1')),
    'a failed message is a dead letter': historyOf(sent('m1'), came('m1'), began('m1'), ended('r-d-m1', 'failed'), deadLettered('m1'), settled('d-m1')),
    'an expired message': historyOf(
      sent('m1', { expiresAt: 5 }),
      wait(10),
      came('m1'),
      { kind: 'expired', message: 'm1', endpoint: 'orders' },
      settled('d-m1'),
    ),
    'a left-over subscription ignores it': historyOf(sent('m1'), came('m1'), { kind: 'ignored', message: 'm1', endpoint: 'orders' }, settled('d-m1')),
    'a failed query is answered with a fault': historyOf(sent('m1'), failed('m1'), { kind: 'answered', message: 'm1', outcome: 'fault' }),
    'nobody reads the topic': historyOf(sent('m1', { to: 'placed', readers: [] })),
    'an inbox accepts the second of one id without a run': historyOf(
      sent('m1'),
      sent('m1', { sequence: 2 }),
      handled('m1'),
      came('m1', { delivery: 'd2' }),
      settled('d2'),
    ),
    'as many come twice as were in flight at the fault': historyOf(sent('m1'), handled('m1'), fault(1), healed, handled('m1', { delivery: 'd2' })),
    'the retry of one of two handlers comes as a copy': historyOf(
      sent('m1'),
      came('m1'),
      began('m1', { handler: 'h1', run: 'r1' }),
      ended('r1'),
      began('m1', { handler: 'h2', run: 'r2' }),
      ended('r2', 'failed'),
      settled('d-m1'),
      handled('m1', { handler: 'h2', delivery: 'd2', attempt: 2 }),
    ),
  },
})

const noAbortedRead = samplesOf('I2', {
  violations: {
    'a refused message comes': historyOf(sent('m1', {}, 'refused'), handled('m1')),
    'a message comes and is refused afterwards': historyOf(
      { kind: 'publish-started', message: 'm1', to: 'orders', instance: 'p', sequence: 1 },
      handled('m1'),
      { kind: 'publish-ended', message: 'm1', outcome: 'refused' },
    ),
    'both of two refused calls of one id, and one comes': historyOf(sent('m1', {}, 'refused'), sent('m1', { sequence: 2 }, 'refused'), handled('m1')),
  },
  legal: {
    'refused, then confirmed': historyOf(sent('m1', {}, 'refused'), sent('m1', { sequence: 2 }), handled('m1')),
    'refused, then unknown, and it comes': historyOf(sent('m1', {}, 'refused'), sent('m1', { sequence: 2 }, 'unknown'), handled('m1')),
    'it comes before its outcome does': historyOf({ kind: 'publish-started', message: 'm1', to: 'orders', instance: 'p', sequence: 1 }, handled('m1'), {
      kind: 'publish-ended',
      message: 'm1',
      outcome: 'confirmed',
    }),
  },
})

const conservation = samplesOf('I3', {
  violations: {
    'a message is left': historyOf(sent('m1'), handled('m1'), depth({ ready: 1 })),
    'one is unsettled at the end': historyOf(depth({ unsettled: 1 })),
    'one is still delayed at the end': historyOf(depth({ delayed: 1 })),
    'a dead letter more than expected': historyOf(depth({ endpoint: 'orders.dead-letter', ready: 2, expected: 1 })),
    'two copies confirmed and one stored': historyOf(
      sent('m1'),
      came('m1'),
      began('m1', { handler: 'h1', run: 'r1' }),
      ended('r1', 'failed'),
      began('m1', { handler: 'h2', run: 'r2' }),
      ended('r2', 'failed'),
      deadLettered('m1', { handler: 'h1' }),
      deadLettered('m1', { handler: 'h2' }),
      settled('d-m1'),
      depth({ endpoint: 'orders.dead-letter', ready: 1, expected: 1 }),
    ),
    'a delivery is answered twice': historyOf(sent('m1'), handled('m1'), settled('d-m1'), depth()),
    'a delivery is never answered': historyOf(sent('m1'), came('m1'), began('m1'), ended('r-d-m1'), depth()),
  },
  legal: {
    'nothing is left': historyOf(sent('m1'), handled('m1'), depth()),
    'the expected dead letters lie there': historyOf(
      sent('m1'),
      came('m1'),
      deadLettered('m1', { handler: '*' }),
      settled('d-m1'),
      depth({ endpoint: 'orders.dead-letter', ready: 1, expected: 1 }),
    ),
    'much is there before the end': historyOf(sent('m1'), depth({ ready: 1, unsettled: 3, delayed: 2, final: false }), handled('m1')),
    'a lost lock needs no answer': historyOf(sent('m1'), came('m1'), { kind: 'lock-lost', delivery: 'd-m1' }, handled('m1', { delivery: 'd2' }), depth()),
    'a fault takes deliveries away': historyOf(sent('m1'), came('m1'), fault(1), healed, handled('m1', { delivery: 'd2' }), depth()),
  },
})

const isolation = samplesOf('I12', {
  violations: {
    'a message of tenant a is delivered in b': historyOf(sent('m1', { scope: 'a' }), came('m1', { scope: 'b' }), began('m1'), ended('r-d-m1'), settled('d-m1')),
    'a message without scope is delivered in b': historyOf(sent('m1'), came('m1', { scope: 'b' }), began('m1'), ended('r-d-m1'), settled('d-m1')),
    'a message reaches an endpoint that does not read its topic': historyOf(
      sent('m1', { to: 'placed', readers: ['orders'] }),
      handled('m1'),
      handled('m1', { endpoint: 'billing', delivery: 'd2' }),
    ),
  },
  legal: {
    'each in its own scope': historyOf(sent('m1', { scope: 'a' }), came('m1', { scope: 'a' }), began('m1'), ended('r-d-m1'), settled('d-m1')),
    'the dead letters of a reader': historyOf(
      sent('m1', { readers: ['orders'] }),
      came('m1'),
      deadLettered('m1', { handler: '*' }),
      settled('d-m1'),
      handled('m1', { endpoint: 'orders.dead-letter', delivery: 'd2' }),
    ),
  },
})

export const arrivalSamples: readonly Sample[] = [...totalQueue, ...noAbortedRead, ...conservation, ...isolation]
