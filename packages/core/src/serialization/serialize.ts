import { InvalidMessageError } from '../errors/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import { deepest, isTooDeep } from './json.js'

/** The bytes of a message: a document's own, or the JSON of what its declaration puts on the wire. Throws `InvalidMessageError` for what JSON cannot say, and for what its receiver would refuse. */
export function serialize(contract: MessageContract, message: object): Uint8Array {
  const value = contract.wireOf(message)
  return contract.kind === 'document' ? (value as Uint8Array) : writeBody(contract.type, value, 'message')
}

/** The bytes of a reply. Throws `InvalidMessageError` (WAYBILL_INVALID_REPLY). */
export function serializeReply(contract: MessageContract, value: unknown): Uint8Array {
  return writeBody(contract.type, contract.writeReply(value) ?? null, 'reply')
}

function writeBody(type: string, value: unknown, what: 'message' | 'reply'): Uint8Array {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    // The first line: V8 draws a circle over several.
    throw refusal({ type, what }, `it cannot be written as JSON: ${cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause)}`, { cause })
  }
  if (text === undefined) throw refusal({ type, what }, 'JSON has no word for it: it is undefined or a function')
  // Inside of a text the quotation marks are escaped, so this is a name.
  if (text.includes('"__proto__":')) throw refusal({ type, what }, 'it has a field "__proto__", and no receiver would read it')
  const body = Buffer.from(text, 'utf8')
  if (isTooDeep(body)) throw refusal({ type, what }, `it is nested deeper than ${deepest}, and no receiver would read it`)
  return body
}

function refusal({ type, what }: { readonly type: string; readonly what: 'message' | 'reply' }, message: string, options?: ErrorOptions): InvalidMessageError {
  return new InvalidMessageError(type, [{ path: '', message }], what, options)
}
