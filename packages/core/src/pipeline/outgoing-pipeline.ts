import type { Topic } from '../contract/index.js'
import type { Middleware, OutgoingMessageContext, OutgoingWireContext, Sent, Step } from '../context/index.js'
import {
  assignIdentity,
  hold,
  route,
  serializeBody,
  type DelayWays,
  type Outlet,
  type OutgoingDraft,
  type OutgoingPipelines,
  type Routes,
} from '../outgoing/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { compose } from './compose.js'
import { made, type StepMaker } from './step-maker.js'

export interface OutgoingInit {
  readonly scope: BusScope
  readonly guard: GuardedTransport
  readonly routes: Routes
  readonly delays: DelayWays
  readonly ensureTopic: (topic: Topic) => Promise<void> | undefined
}

/** One message on its way out, at the call. What a handler sends stays at `hold` until the handler has succeeded. */
export const outgoingMessageSteps = (middleware: readonly Middleware[]): readonly StepMaker<OutgoingInit, OutgoingDraft, Sent>[] => [
  ...middleware.flatMap(({ name, outgoing }) => (outgoing?.message === undefined ? [] : [user(name, outgoing.message)])),
  { name: 'route', make: ({ scope, routes, ensureTopic }) => route(scope, routes, ensureTopic) },
  { name: 'serialize', make: ({ scope }) => serializeBody(scope) },
  { name: 'assign-identity', make: ({ scope, delays }) => assignIdentity(scope, delays) },
  { name: 'hold', make: ({ scope, guard }) => hold(scope, guard, { checkSize: outgoingWireSteps(middleware).length === 0 }) },
]

/** Its bytes, once, before the broker. */
export const outgoingWireSteps = (middleware: readonly Middleware[]): readonly StepMaker<OutgoingInit, OutgoingWireContext, Sent>[] =>
  middleware.flatMap(({ name, outgoing: { wire } = {} }) => (wire === undefined ? [] : [{ name, make: () => wire }]))

export function outgoingPipelines(init: OutgoingInit, middleware: readonly Middleware[], outlet: Outlet): OutgoingPipelines {
  const wire = outgoingWireSteps(middleware)
  return {
    message: compose(made(outgoingMessageSteps(middleware), init), (draft) => outlet.leave(draft)),
    wire: wire.length === 0 ? undefined : compose(made(wire, init), (context) => outlet.encoded(context)),
  }
}

/** The user's step sees less of the same object. A cast, because the compiler must assume that it passes on another one. */
const user = (name: string, step: Step<OutgoingMessageContext, Sent>): StepMaker<OutgoingInit, OutgoingDraft, Sent> => ({
  name,
  make: () => step as unknown as Step<OutgoingDraft, Sent>,
})
