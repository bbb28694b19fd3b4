import type { IncomingWireContext, MessageContext, Middleware, Passed, Settlement, Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import { defer, deserializeMessage, dispatch, dropExpired, settle, trace, wireStep, type Copies, type IncomingDelivery, type Waits } from '../incoming/index.js'
import { callHandler, HandlerStep, makeStep, middleware as middlewarePlace, type HandlerContext, type HandlerInit } from '../invocation/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { Lanes } from '../runtime/lanes.js'
import { compose } from './compose.js'
import type { Pipeline } from './pipeline.js'
import { made, type StepMaker } from './step-maker.js'

export interface DeliveryInit {
  readonly scope: BusScope
  readonly copies: Copies
  readonly waits: Waits
  readonly lanes: Lanes
}

/** Once per delivery. `dispatch` ends it: it runs the handlers. */
export const deliverySteps = (middleware: readonly Middleware[]): readonly StepMaker<DeliveryInit, IncomingDelivery, Disposition>[] => [
  { name: 'trace', make: ({ scope }) => trace(scope) },
  { name: 'settle', make: ({ scope, copies, waits }) => settle(scope, copies, waits) },
  { name: 'defer', make: ({ scope, copies }) => defer(scope, copies) },
  { name: 'drop-expired', make: ({ scope }) => dropExpired(scope) },
  ...incomingWire(middleware).map(({ name, wire }) => ({ name, make: () => wireStep(name, wire) })),
  { name: 'deserialize', make: ({ scope }) => deserializeMessage(scope) },
]

/** Once per handler of that delivery, each with its own context and its own held messages: the endpoint's pipeline, with the middleware of bus, endpoint and handler in its place. `call-handler` ends it: it calls the handler and holds its reply. */
export const handlerSteps = (pipeline: Pipeline, middleware: readonly Middleware[]): readonly StepMaker<HandlerInit, HandlerContext, Settlement>[] =>
  pipeline.around(middleware).flatMap(handlerStep)

export const deliveryPipeline = (init: DeliveryInit, middleware: readonly Middleware[]): ((incoming: IncomingDelivery) => Promise<Disposition>) =>
  compose(made(deliverySteps(middleware), init), dispatch(init.scope, init.copies, init))

export const handlerPipeline = (init: HandlerInit, pipeline: Pipeline, middleware: readonly Middleware[]): ((context: HandlerContext) => Promise<Settlement>) =>
  compose(made(handlerSteps(pipeline, middleware), init), callHandler(init.scope, init.guard, init.running))

/** The wire steps alone: what a reply passes. */
export function replyPipeline(middleware: readonly Middleware[]): ((context: IncomingWireContext) => Promise<Passed>) | undefined {
  const list = incomingWire(middleware).map(({ wire }) => wire)
  return list.length === 0 ? undefined : compose(list, () => Promise.resolve(passed))
}
const passed = Object.freeze({}) as Passed

/** In reverse: what was done last on the way out is undone first. */
const incomingWire = (middleware: readonly Middleware[]): { readonly name: string; readonly wire: Step<IncomingWireContext, Passed> }[] =>
  middleware.toReversed().flatMap(({ name, incoming: { wire } = {} }) => (wire === undefined ? [] : [{ name, wire }]))

function handlerStep(step: Middleware): StepMaker<HandlerInit, HandlerContext, Settlement>[] {
  if (step === middlewarePlace()) return []
  if (step instanceof HandlerStep) return [{ name: step.name, make: (init) => makeStep(step, init) }]
  return step.incoming?.message === undefined ? [] : [user(step.name, step.incoming.message)]
}

/** The user's step sees less of the same object. A cast, because the compiler must assume that it passes on another one. */
const user = (name: string, step: Step<MessageContext, Settlement>): StepMaker<HandlerInit, HandlerContext, Settlement> => ({
  name,
  make: () => step as unknown as Step<HandlerContext, Settlement>,
})
