import { describe, expect, it } from 'vitest'
import type { Middleware } from '../context/index.js'
import { dropExpired, filter, flushOutgoing, HandlerStep, logging, middleware, recover, timeout } from '../invocation/index.js'
import { checkOrder } from './order-rules.js'

const tenant: Middleware = { name: 'tenant', incoming: { message: (context, next) => next(context) } }
const named = (name: string): HandlerStep => new HandlerStep(name, () => (context, next) => next(context))

const steps: Readonly<Record<string, Middleware>> = {
  recover: recover(),
  flush: flushOutgoing(),
  middleware: middleware(),
  timeout: timeout({ after: '5s' }),
  filter: filter({ where: () => true }),
  expired: dropExpired(),
  logging: logging(),
  idempotency: named('idempotency'),
  breaker: named('circuit-breaker'),
  slow: named('slow-down'),
  rate: named('rate-limit'),
  limit: named('concurrency-limit'),
  breaker2: named('circuit-breaker'),
  rate2: named('rate-limit'),
  tenant,
}

/** `recover flush tenant`, outermost first. */
const list = (order: string): Middleware[] => order.split(' ').map((name) => steps[name] as Middleware)
const mistakes = (order: string): string[] => checkOrder(list(order)).map(({ what }) => what)

const refused: readonly (readonly [order: string, ...mistakes: string[]])[] = [
  ['flush middleware', '"recover" is missing: what a handler throws would run every handler of the delivery again, also those that have succeeded'],
  ['recover middleware', '"flush-outgoing" is missing: what a handler sends would never leave'],
  ['recover recover flush', '"recover" is there twice: the attempts would multiply'],
  ['recover flush flush', '"flush-outgoing" is there twice: the outer one would find nothing to send'],
  ['recover idempotency idempotency flush', '"idempotency" is there twice: the inner one would take each message for a duplicate of itself'],
  ['recover flush middleware middleware', '"middleware" is there twice: the middleware would run twice'],
  ['recover slow slow flush', '"slow-down" is there twice: each would take the slowness of the other for its own'],
  ['recover limit flush limit limit', 'the same "concurrency-limit" is there twice: who has passed the outer one would wait in the inner one for himself'],
  ['recover breaker breaker flush', 'the same "circuit-breaker" is there twice: who has passed the outer one would wait in the inner one for himself'],
  ['recover rate rate flush', 'the same "rate-limit" is there twice: who has passed the outer one would wait in the inner one for himself'],
  ['flush recover', '"flush-outgoing" stands outside of "recover": the messages of every attempt after the first would never leave'],
  [
    'idempotency recover flush',
    '"idempotency" stands outside of "recover": a failure has become a settlement there, and the row would be marked as done for a message that failed',
  ],
  [
    'recover flush idempotency',
    '"flush-outgoing" stands outside of "idempotency": the row would be marked as done before the messages leave, and a crash in between would lose them',
  ],
  [
    'tenant recover flush',
    '"tenant" stands outside of "recover": what it throws would run every handler of the delivery again, also those that have succeeded',
  ],
  [
    'middleware recover flush',
    '"middleware" stands outside of "recover": what it throws would run every handler of the delivery again, also those that have succeeded',
  ],
  [
    'filter recover flush',
    '"filter" stands outside of "recover": a predicate that throws would run every handler of the delivery again, also those that have succeeded',
  ],
  [
    'timeout recover flush',
    '"timeout" stands outside of "recover": the attempts after the first would have no deadline',
    '"timeout" stands outside of "flush-outgoing": a run that is over its time would have sent its messages, and would run again',
  ],
  ['recover timeout flush', '"timeout" stands outside of "flush-outgoing": a run that is over its time would have sent its messages, and would run again'],
  ['rate recover flush', '"rate-limit" stands outside of "recover": the attempts after the first would not pass it'],
  ['breaker recover flush', '"circuit-breaker" stands outside of "recover": the attempts after the first would not pass it'],
  [
    'recover idempotency filter flush',
    '"idempotency" stands outside of "filter": what does not pass would be marked as done, and its redrive dropped as a duplicate',
  ],
  ['recover idempotency expired flush', '"idempotency" stands outside of "drop-expired": a row would be claimed for a message that does not run'],
  ['recover idempotency breaker flush', '"idempotency" stands outside of "circuit-breaker": the claimed row, and its transaction, would wait there'],
  ['recover idempotency flush limit', '"idempotency" stands outside of "concurrency-limit": the claimed row, and its transaction, would wait there'],
  ['recover expired slow flush', '"drop-expired" stands outside of "slow-down": what waits there would begin after it has expired'],
  ['recover flush timeout rate', '"timeout" stands outside of "rate-limit": its wait would use up the time of the run'],
]

/** As near to the refused ones as it goes. */
const accepted = [
  'recover flush',
  'recover flush middleware',
  'recover middleware flush',
  'recover tenant idempotency flush',
  'recover tenant flush tenant',
  'recover idempotency flush',
  'recover idempotency flush timeout',
  'recover flush timeout middleware timeout',
  'recover flush middleware timeout',
  'recover filter filter flush',
  'recover flush filter',
  'recover filter idempotency flush',
  'recover expired idempotency flush',
  'expired recover flush',
  'recover breaker expired idempotency flush',
  'recover breaker slow rate limit idempotency flush timeout',
  'recover breaker breaker2 flush',
  'recover rate rate2 flush',
  'recover flush rate timeout',
  'logging recover flush',
  'recover logging flush logging',
  'logging recover filter breaker slow rate limit expired idempotency flush timeout middleware',
]

describe('the order of a pipeline', () => {
  it.each(refused)('is refused with both names and the reason: %s', (order, ...expected) => {
    expect(mistakes(order)).toEqual(expected)
  })

  it.each(accepted)('is accepted: %s', (order) => {
    expect(mistakes(order)).toEqual([])
  })

  it('says where the step belongs', () => {
    expect(checkOrder(list('recover flush idempotency'))[0]?.fix).toBe('Put "flush-outgoing" inside of "idempotency".')
    expect(checkOrder(list('recover'))[0]?.fix).toBe('Add flushOutgoing() of @waybill/core/middleware.')
    expect(checkOrder(list('recover recover flush'))[0]?.fix).toBe('Keep one of them.')
  })

  it('goes by what a step is, not by a name that somebody gave to a step of his own', () => {
    const own: Middleware = { name: 'recover', incoming: { message: (context, next) => next(context) } }
    expect(checkOrder([own, flushOutgoing()]).map(({ what }) => what)).toEqual([
      '"recover" is missing: what a handler throws would run every handler of the delivery again, also those that have succeeded',
    ])
  })
})
