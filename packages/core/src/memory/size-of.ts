import type { Outgoing } from '../contract/index.js'

/** Names of the fixed headers, their short values, and the broker's own fields. */
const overhead = 512
/** UTF-8 takes at most so many bytes for one unit of a JavaScript string. */
const bytesPerUnit = 3

/** An upper bound of the bytes that the broker keeps of a message. */
export function sizeOf({ envelope, original }: Outgoing): number {
  let units = 0
  for (const name in envelope.system) units += name.length + (envelope.system[name]?.length ?? 0)
  if (original !== undefined) return overhead + (original.body?.length ?? 0) + bytesPerUnit * (units + original.native.length)
  for (const name in envelope.headers) units += name.length + (envelope.headers[name]?.length ?? 0)
  units += envelope.id.length + envelope.type.length + envelope.source.length + envelope.contentType.length + (envelope.key?.length ?? 0)
  units += (envelope.correlationId?.length ?? 0) + (envelope.causationId?.length ?? 0) + (envelope.replyTo?.length ?? 0)
  return overhead + (envelope.body?.length ?? 0) + bytesPerUnit * units
}
