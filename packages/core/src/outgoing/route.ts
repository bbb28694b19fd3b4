import type { Topic } from '../contract/index.js'
import type { Sent, Step } from '../context/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { OutgoingDraft } from './outgoing-draft.js'
import type { Routes } from './routes.js'

/** Decides where the message goes; a topic that nothing declared is provisioned at its first use. Throws `NoRouteError`. */
export const route =
  (scope: BusScope, routes: Routes, ensureTopic: (topic: Topic) => Promise<void> | undefined): Step<OutgoingDraft, Sent> =>
  (draft, next) => {
    const before = scope.failpoint('after-outgoing-message')
    if (before !== undefined) return before
    const destination = draft.destination ?? routes.of(draft.contract)
    draft.destination = destination
    const ensuring = destination.kind === 'topic' ? ensureTopic(destination) : undefined
    return scope.failpoint('after-route') ?? (ensuring === undefined ? next(draft) : ensuring.then(() => next(draft)))
  }
