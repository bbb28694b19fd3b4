import { createHash } from 'node:crypto'
import type { Envelope } from '@waybill/core/contract'

/** What must be equal at every place of a message's way: its body, and what its sender said of it, in one order. Not its time: what a handler sends again, it sends at another one. */
export function digestOf({ id, type, version, source, contentType, kind, correlationId, causationId, key, headers, body }: Envelope): string {
  const hash = createHash('sha1')
  hash.update(JSON.stringify([id, type, version, source, contentType, kind, correlationId ?? null, causationId ?? null, key ?? null]))
  hash.update(JSON.stringify(Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1))))
  if (body !== null) hash.update(body)
  return hash.digest('hex').slice(0, 16)
}
