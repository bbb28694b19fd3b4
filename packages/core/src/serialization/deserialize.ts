import { TooLargeError, UnreadableBodyError, quote } from '../errors/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import { readJson } from './json.js'

/** What is known of a body before it is read. */
export interface EncodedBody {
  readonly type: string
  readonly version: number
  readonly contentType: string
  readonly body: Uint8Array | null
}

/** The message in a body. Throws a `MessageError`; sizes are checked before anything is parsed. */
export function deserialize(contract: MessageContract, encoded: EncodedBody, maxBytes: number): object {
  return contract.read(readBody(contract, encoded, maxBytes), encoded.version)
}

function readBody(contract: MessageContract, { type, contentType, body }: EncodedBody, maxBytes: number): unknown {
  if (body === null) throw new UnreadableBodyError('body-empty', `A delivery of ${quote(type)} has no body`)
  if (body.length > maxBytes) throw new TooLargeError(type, body.length, maxBytes)
  if (contract.kind === 'document') {
    if (contentType !== contract.contentType && mediaType(contentType) !== mediaType(contract.contentType))
      throw wrongContentType(type, contentType, contract.contentType)
    return body
  }
  if (contentType !== 'application/json' && !isJson(contentType)) throw wrongContentType(type, contentType, 'application/json')
  return readJson(body)
}

/** What the requester gets from the body of a reply. Throws a `MessageError`. */
export function deserializeReply(contract: MessageContract, { type, contentType, body }: EncodedBody, maxBytes: number): unknown {
  if (body === null) throw new UnreadableBodyError('body-empty', `A reply to ${quote(type)} has no body`)
  if (body.length > maxBytes) throw new TooLargeError(type, body.length, maxBytes)
  if (!isJson(contentType)) throw wrongContentType(type, contentType, 'application/json')
  return contract.readReply(readJson(body))
}

const mediaType = (contentType: string): string => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()

/** RFC 8259: JSON is UTF-8; RFC 6839: `+json` is JSON. */
function isJson(contentType: string): boolean {
  const media = mediaType(contentType)
  if (media !== 'application/json' && !media.endsWith('+json')) return false
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1]
  return charset === undefined || charset.toLowerCase() === 'utf-8'
}

const wrongContentType = (type: string, got: string, expected: string): UnreadableBodyError =>
  new UnreadableBodyError('content-type', `A body of ${quote(type)} is ${quote(got)}, and ${quote(expected)} was declared`)
