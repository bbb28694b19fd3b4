import type { Sent, Step } from '../context/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { OutgoingDraft } from './outgoing-draft.js'
import type { Routes } from './routes.js'

/** Decides where the message goes. Throws `NoRouteError`. */
export const route =
  (scope: BusScope, routes: Routes): Step<OutgoingDraft, Sent> =>
  (draft, next) => {
    draft.destination = routes.of(draft.contract)
    return scope.failpoint('after-route') ?? next(draft)
  }
