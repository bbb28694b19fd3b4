import type { InboxRequest } from '../contract/index.js'
import { timeOfId } from '../runtime/message-id.js'
import type { BoundHandler, Received } from './handler-context.js'

/** The row of a handler's work on a message; `undefined` for a message without any identity: no id, and a broker that gives none. */
export function inboxRequest(received: Received, bound: Pick<BoundHandler, 'id' | 'formerIds'>, leaseMs: number): InboxRequest | undefined {
  const { envelope, delivery, endpoint, dueAt, isRedelivery } = received
  const isNamed = envelope.id !== ''
  const id = isNamed ? envelope.id : delivery.nativeId
  if (id === undefined || id === '') return undefined
  // A native id is unique where it was delivered, and nowhere else.
  const source = isNamed ? envelope.source : endpoint
  const time = dueAt ?? timeOfId(envelope.id) ?? Date.parse(envelope.time)
  const row = { endpoint, handler: bound.id, formerHandlers: bound.formerIds, source, id, redelivered: isRedelivery, leaseMs }
  return Number.isNaN(time) ? row : { ...row, time }
}
