import type { IncomingWireContext, MessageContext, Middleware, Passed, Settlement, Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import { MiddlewareError } from '../errors/index.js'
import { defer, deserializeMessage, dispatch, dropExpired, settle, trace, type Copies, type IncomingDelivery, type Waits } from '../incoming/index.js'
import { answerShortCircuits, callHandler, flushOutgoing, recover, reply, type HandlerContext, type Running } from '../invocation/index.js'
import type { Outlet } from '../outgoing/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import type { Lanes } from '../runtime/lanes.js'
import { compose } from './compose.js'
import { named, steps, type NamedStep } from './named-step.js'

export interface DeliveryPipelineInit {
  readonly scope: BusScope
  readonly copies: Copies
  readonly waits: Waits
  readonly lanes: Lanes
  readonly middleware: readonly Middleware[]
}

/** Once per delivery. `dispatch` ends it: it runs the handlers. */
export function deliverySteps({ scope, copies, waits, middleware }: Omit<DeliveryPipelineInit, 'lanes'>): readonly NamedStep<IncomingDelivery, Disposition>[] {
  return [
    named('trace', trace(scope)),
    named('settle', settle(scope, copies, waits)),
    named('defer', defer(scope, copies)),
    named('drop-expired', dropExpired(scope)),
    ...wireSteps(scope, middleware),
    named('deserialize', deserializeMessage(scope)),
  ]
}

export interface HandlerPipelineInit {
  readonly scope: BusScope
  readonly guard: GuardedTransport
  readonly outlet: Outlet
  readonly running: Running
  /** Of the bus, the endpoint and the handler, in this order. */
  readonly middleware: readonly Middleware[]
}

/** Once per handler of that delivery, each with its own context and its own held messages. `reply` ends it: it calls the handler and checks its result. */
export function handlerSteps({ scope, guard, outlet, middleware }: Omit<HandlerPipelineInit, 'running'>): readonly NamedStep<HandlerContext, Settlement>[] {
  return [
    named('recover', recover(scope)),
    named('flush-outgoing', flushOutgoing(scope, guard, outlet)),
    named('answer-short-circuits', answerShortCircuits(scope)),
    ...middleware.flatMap(({ name, incoming }) => (incoming?.message === undefined ? [] : [named(name, userStep(incoming.message))])),
  ]
}

export const deliveryPipeline = (init: DeliveryPipelineInit): ((incoming: IncomingDelivery) => Promise<Disposition>) => compose(steps(deliverySteps(init)), dispatch(init.scope, init.copies, init))

export const handlerPipeline = (init: HandlerPipelineInit): ((context: HandlerContext) => Promise<Settlement>) =>
  compose(steps(handlerSteps(init)), reply(init.scope, init.guard, callHandler(init.scope, init.running)))

/** The wire steps alone: what a reply passes. */
export function replyPipeline(middleware: readonly Middleware[]): ((context: IncomingWireContext) => Promise<Passed>) | undefined {
  const list = incomingWire(middleware)
  return list.length === 0 ? undefined : compose(steps(list), () => Promise.resolve(passed))
}
const passed = Object.freeze({}) as Passed

const incomingWire = (middleware: readonly Middleware[]): NamedStep<IncomingWireContext, Passed>[] =>
  middleware.toReversed().flatMap(({ name, incoming }) => (incoming?.wire === undefined ? [] : [named(name, incoming.wire)]))

/** In reverse: what was done last on the way out is undone first. A wire step can pass or throw; what it hands back is what it got. */
function wireSteps(scope: BusScope, middleware: readonly Middleware[]): NamedStep<IncomingDelivery, Disposition>[] {
  return incomingWire(middleware).map(({ name, step }, index, { length }) =>
    named(name, async (incoming, next) => {
      const result = (await step(incoming, () => next(incoming) as unknown as Promise<Passed>)) as unknown
      if (result !== 'accepted' && result !== 'released') throw new MiddlewareError(name, 'settled a delivery in an incoming wire step', 'Return next(context), or throw')
      if (index === length - 1) {
        const crash = scope.failpoint('after-incoming-wire')
        if (crash !== undefined) await crash
      }
      return result
    }),
  )
}

/** The user's step sees less of the same object. A cast, because the compiler must assume that it passes on another one. */
const userStep = (step: Step<MessageContext, Settlement>): Step<HandlerContext, Settlement> => step as unknown as Step<HandlerContext, Settlement>
