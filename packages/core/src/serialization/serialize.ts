import type { MessageContract } from '../messages/message-contract.js'
import { writeJson } from './json.js'

/** The bytes of a message: a document's own, or the JSON of what its declaration puts on the wire. */
export function serialize(contract: MessageContract, message: object): Uint8Array {
  const value = contract.wireOf(message)
  return contract.kind === 'document' ? (value as Uint8Array) : writeJson(value)
}

/** The bytes of a reply. Throws `InvalidMessageError` (WAYBILL_INVALID_REPLY). */
export function serializeReply(contract: MessageContract, value: unknown): Uint8Array {
  return writeJson(contract.writeReply(value) ?? null)
}
