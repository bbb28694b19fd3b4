import type { Capabilities, Outgoing, PerKind, SizeLimits } from '../contract/index.js'
import type { Purpose } from './instrumentation.js'

/** What a transport has that declares no limits. */
const weakest: SizeLimits = { messageBytes: 64 * 1024, batchCount: 1, batchBytes: 64 * 1024 }

/** So that every copy of a message, with its reason, still fits. */
const mostReserved = 16 * 1024

export function limitsOf({ limits }: Capabilities): PerKind<SizeLimits> {
  return limits ?? { endpoint: weakest, topic: weakest }
}

/** The largest message that may go there for this purpose. Copies may use what is kept free for them. */
export function messageLimit(limits: PerKind<SizeLimits>, { destination }: Outgoing, purpose: Purpose): number {
  const most = limits.endpoint.messageBytes
  const isCopy = purpose !== 'message' && purpose !== 'reply'
  const endpoint = isCopy ? most : most - Math.min(mostReserved, most / 4)
  // Who receives an event copies it within its endpoint.
  return destination.kind === 'topic' ? Math.min(limits.topic.messageBytes, endpoint) : endpoint
}

/** The names of all attributes of an envelope with their framing, and those values that core alone writes. */
const attributes = 768
/** The prefix, quotes and lengths that a wire puts around one header. */
const perHeader = 32
/** The most bytes of UTF-8 that one unit of UTF-16 becomes. Counting them exactly costs more than it tells. */
const perCharacter = 3

/** An upper bound for a transport that does not say: body and headers, plus a fixed overhead. */
export function defaultSizeOf({ envelope, original }: Outgoing): number {
  if (original !== undefined) return (original.body?.byteLength ?? 0) + original.native.length * perCharacter + headerBytes(envelope.system) + attributes
  const { id, type, source, contentType, correlationId, causationId, replyTo, key } = envelope
  const named = id.length + type.length + source.length + contentType.length + length(correlationId) + length(causationId) + length(replyTo) + length(key)
  return (envelope.body?.byteLength ?? 0) + named * perCharacter + headerBytes(envelope.headers) + headerBytes(envelope.system) + attributes
}

function length(text: string | undefined): number {
  return text === undefined ? 0 : text.length
}

function headerBytes(headers: Readonly<Record<string, string>>): number {
  let bytes = 0
  for (const name in headers) bytes += perHeader + (name.length + (headers[name] as string).length) * perCharacter
  return bytes
}
