import type { RawMessage as MemoryMessage } from '@waybill/core/memory'
import type { RawEnvelope, RawMessage } from '../harness/harness.js'

const attributes = {
  id: 'ce_id',
  type: 'ce_type',
  version: 'ce_schemaversion',
  source: 'ce_source',
  time: 'ce_time',
  contentType: 'content-type',
  kind: 'ce_kind',
  correlationId: 'ce_correlationid',
  causationId: 'ce_causationid',
  replyTo: 'ce_replyto',
  expiresAt: 'ce_expiresat',
  key: 'ce_partitionkey',
} as const
const system = 'waybill-'
const escape = 'user:'

/** CloudEvents in binary mode, as the reference of the transport in memory has it; written here a second time, so that a mistake of the transport's own mapping shows. */
export function nativeHeaders({ headers = {}, system: own = {}, ...envelope }: RawEnvelope): Record<string, string> {
  const native: Record<string, string> = { ce_specversion: '1.0' }
  for (const [field, name] of Object.entries(attributes)) {
    const value = envelope[field as keyof typeof envelope]
    if (value !== undefined) native[name] = String(value)
  }
  for (const [name, value] of Object.entries(headers)) native[isReserved(name) ? escape + name : name] = value
  for (const [name, value] of Object.entries(own)) native[system + name] = value
  return native
}

/** The same, read. */
export function rawMessage({ nativeId, body, headers: native, state }: MemoryMessage): RawMessage {
  const headers = Object.create(null) as Record<string, string>
  const own = Object.create(null) as Record<string, string>
  const fields: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(native)) {
    const field = fieldOf(name)
    if (field !== undefined) fields[field] = field === 'version' || field === 'expiresAt' ? Number(value) : value
    else if (name.startsWith(system)) own[name.slice(system.length)] = value
    else if (name !== 'ce_specversion') headers[name.startsWith(escape) ? name.slice(escape.length) : name] = value
  }
  return { nativeId, body, envelope: { ...(fields as RawEnvelope), headers, system: own }, state }
}

const fieldOf = (name: string): string | undefined => Object.entries(attributes).find(([, native]) => native === name)?.[0]
const isReserved = (name: string): boolean => name === 'content-type' || name.startsWith('ce_') || name.startsWith(system) || name.startsWith(escape)
