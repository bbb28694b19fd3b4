import type { Capabilities, Topic } from '../contract/index.js'
import type { Middleware, OutgoingMessageContext, OutgoingWireContext, Sent, Step } from '../context/index.js'
import { assignIdentity, hold, route, serializeBody, type Outlet, type OutgoingDraft, type OutgoingPipelines, type Routes } from '../outgoing/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { compose } from './compose.js'
import { named, steps, type NamedStep } from './named-step.js'

export interface OutgoingPipelineInit {
  readonly scope: BusScope
  readonly guard: GuardedTransport
  readonly routes: Routes
  readonly middleware: readonly Middleware[]
  readonly capabilities: () => Capabilities
  readonly ensureTopic: (topic: Topic) => Promise<void> | undefined
}

/** One message on its way out, from the call to the broker's confirm. */
export function outgoingSteps({ scope, guard, routes, middleware, capabilities, ensureTopic }: OutgoingPipelineInit): { readonly message: readonly NamedStep<OutgoingDraft, Sent>[]; readonly wire: readonly NamedStep<OutgoingWireContext, Sent>[] } {
  const wire = middleware.flatMap(({ name, outgoing }) => (outgoing?.wire === undefined ? [] : [named(name, outgoing.wire)]))
  return {
    message: [
      ...middleware.flatMap(({ name, outgoing }) => (outgoing?.message === undefined ? [] : [named(name, userStep(outgoing.message))])),
      named('route', route(scope, routes, ensureTopic)),
      named('serialize', serializeBody(scope)),
      named('assign-identity', assignIdentity(scope, capabilities)),
      named('hold', hold(scope, guard, { checkSize: wire.length === 0 })),
    ],
    wire,
  }
}

export function outgoingPipelines(init: OutgoingPipelineInit, outlet: Outlet): OutgoingPipelines {
  const { message, wire } = outgoingSteps(init)
  return {
    message: compose(steps(message), (draft) => outlet.leave(draft)),
    wire: wire.length === 0 ? undefined : compose(steps(wire), (context) => outlet.encoded(context)),
  }
}

/** The user's step sees less of the same object. A cast, because the compiler must assume that it passes on another one. */
const userStep = (step: Step<OutgoingMessageContext, Sent>): Step<OutgoingDraft, Sent> => step as unknown as Step<OutgoingDraft, Sent>
