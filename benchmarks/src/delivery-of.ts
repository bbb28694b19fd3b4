import type { Delivery, Envelope } from '@waybill/core/contract'

const none: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>)
const { signal: lost } = new AbortController()

/** A delivery as a transport would hand it over. Made once: what making it costs is the transport's matter. */
export function deliveryOf(facts: Pick<Envelope, 'type' | 'kind' | 'contentType'> & { readonly body: Uint8Array }): Delivery {
  const id = '0193a5b2-7c1e-7000-8000-000000000001'
  const envelope: Envelope = { id, version: 1, source: 'bench', time: '2026-01-01T00:00:00.000Z', correlationId: id, headers: none, system: none, ...facts }
  return { envelope, original: { body: facts.body, native: '{}' }, nativeId: id, via: 'address', deliveryCount: 1, lost }
}
