import type { Sent, Step } from '../context/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import type { Cause } from './cause.js'
import type { OutgoingDraft } from './outgoing-draft.js'

const held: Sent = Object.freeze({ outcome: 'held' })

/** Inside of a running handler the message waits for its success; otherwise it leaves now. */
export const hold =
  (scope: BusScope, guard: GuardedTransport, options: { readonly checkSize: boolean }): Step<OutgoingDraft, Sent> =>
  (draft, next) => {
    const { outgoing, cause } = draft
    if (outgoing === undefined) throw new TypeError('hold runs after assign-identity')
    // With wire steps the size is known after them only: a compressor may make it fit.
    if (options.checkSize) guard.checkSize(outgoing, 'message')
    if (cause === undefined || draft.options.dispatch === 'immediately' || draft.replyTo !== undefined || !mayHold(scope, cause, draft.type)) return next(draft)
    cause.held.add({ outgoing, purpose: 'message', scheduled: draft.scheduled }, guard.sizeOf(outgoing))
    return scope.failpoint('after-hold') ?? Promise.resolve(held)
  }

function mayHold(scope: BusScope, cause: Cause, type: string): boolean {
  if (cause.instanceId !== scope.instanceId) {
    scope.count('foreign-send', `${type} while ${cause.handler} of another bus runs`)
    return false
  }
  // Into the buffer of an abandoned run, which never leaves: half of what a run sends would be more than nothing of it.
  if (cause.held.isOpen || cause.isAbandoned) return true
  // A timer or a pool's callback that still sees the context of a handler that has ended.
  scope.count('sent-after-handler', `${type} after ${cause.handler}`)
  return false
}
