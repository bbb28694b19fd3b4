import type { Sent, Step } from '../context/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { serialize } from '../serialization/index.js'
import type { OutgoingDraft } from './outgoing-draft.js'

/** Makes the bytes, at the call: what a handler changes afterwards is not sent. */
export const serializeBody =
  (scope: BusScope): Step<OutgoingDraft, Sent> =>
  (draft, next) => {
    draft.body = serialize(draft.contract, draft.message)
    return scope.failpoint('after-serialize') ?? next(draft)
  }
