import type { Envelope, EnvelopeKind, Original } from '../contract/index.js'
import { cloudEvents, cloudEventsVersion } from '../wire/index.js'
import { foreignOriginal } from './errors.js'

// CloudEvents binary mode. The framework's own headers have a prefix; the user's are bare, and one that would be read
// as something else gets the escape, so that every name comes back as it was.
const prefix = 'ce_'
const systemPrefix = 'waybill-'
const escape = 'user:'
const specVersion = `${prefix}specversion`
const id = prefix + cloudEvents.id
const type = prefix + cloudEvents.type
const version = prefix + cloudEvents.version
const source = prefix + cloudEvents.source
const time = prefix + cloudEvents.time
const contentType = 'content-type'
const kind = prefix + cloudEvents.kind
const correlationId = prefix + cloudEvents.correlationId
const causationId = prefix + cloudEvents.causationId
const replyTo = prefix + cloudEvents.replyTo
const expiresAt = prefix + cloudEvents.expiresAt
const key = prefix + cloudEvents.key

/** A header map without entries, shared: nobody can change it. */
const none: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>)

/** The native headers of an envelope: names and values by turns. */
export function toNative(envelope: Envelope): string[] {
  // oxfmt-ignore
  const native = [
    specVersion, cloudEventsVersion,
    id, envelope.id,
    type, envelope.type,
    version, String(envelope.version),
    source, envelope.source,
    time, envelope.time,
    contentType, envelope.contentType,
    kind, envelope.kind,
  ]
  if (envelope.correlationId !== undefined) native.push(correlationId, envelope.correlationId)
  if (envelope.causationId !== undefined) native.push(causationId, envelope.causationId)
  if (envelope.replyTo !== undefined) native.push(replyTo, envelope.replyTo)
  if (envelope.expiresAt !== undefined) native.push(expiresAt, String(envelope.expiresAt))
  if (envelope.key !== undefined) native.push(key, envelope.key)
  for (const name in envelope.headers) native.push(isReserved(name) ? escape + name : name, envelope.headers[name] ?? '')
  for (const name in envelope.system) native.push(systemPrefix + name, envelope.system[name] ?? '')
  return native
}

/** `undefined` when a required attribute is absent or one cannot be what it says. Never throws. */
export function toEnvelope(native: readonly string[], body: Uint8Array | null): Envelope | undefined {
  const read: Draft = { id: '', type: '', version: 1, source: '', time: '', contentType: 'application/json', kind: 'event', headers: none, system: none, body }
  let spec = ''
  for (let index = 0; index < native.length; index += 2) {
    const name = native[index] ?? ''
    const value = native[index + 1] ?? ''
    switch (name) {
      case specVersion:
        spec = value
        break
      case id:
        read.id = value
        break
      case type:
        read.type = value
        break
      case version:
        read.version = Number(value)
        break
      case source:
        read.source = value
        break
      case time:
        read.time = value
        break
      case contentType:
        read.contentType = value
        break
      case kind:
        read.kind = value as EnvelopeKind
        break
      case correlationId:
        read.correlationId = value
        break
      case causationId:
        read.causationId = value
        break
      case replyTo:
        read.replyTo = value
        break
      case expiresAt:
        read.expiresAt = Number(value)
        break
      case key:
        read.key = value
        break
      default:
        if (name.startsWith(systemPrefix)) read.system = put(read.system, name.slice(systemPrefix.length), value)
        else read.headers = put(read.headers, name.startsWith(escape) ? name.slice(escape.length) : name, value)
    }
  }
  return spec === cloudEventsVersion && isWhole(read) ? read : undefined
}

/** The ordering key in native headers. */
export function keyOf(native: readonly string[]): string | undefined {
  for (let index = 0; index < native.length; index += 2) if (native[index] === key) return native[index + 1]
  return undefined
}

/** Everything but the body, as JSON that `forwarded` reads. */
export function toOriginal(message: { readonly nativeId: string; readonly headers: readonly string[] }, body: Uint8Array | null): Original {
  return { body, native: JSON.stringify({ nativeId: message.nativeId, headers: toRecord(message.headers) }) }
}

/** The native headers of an original, untouched, with the framework's added. Throws for what this transport has not written. */
export function forwarded(original: Original, system: Envelope['system']): string[] {
  const headers = parse(original.native)
  for (const name in system) headers[systemPrefix + name] = system[name] ?? ''
  return fromRecord(headers)
}

export function toRecord(native: readonly string[]): Record<string, string> {
  const record = Object.create(null) as Record<string, string>
  for (let index = 0; index < native.length; index += 2) record[native[index] ?? ''] = native[index + 1] ?? ''
  return record
}

export function fromRecord(record: Readonly<Record<string, string>>): string[] {
  return Object.entries(record).flat()
}

type Draft = { -readonly [Field in keyof Envelope]: Envelope[Field] }

const kinds: ReadonlySet<string> = new Set<EnvelopeKind>(['command', 'query', 'event', 'reply', 'document'])

function isWhole(read: Draft): boolean {
  const named = read.id !== '' && read.source !== '' && read.time !== ''
  return (
    named && kinds.has(read.kind) && Number.isSafeInteger(read.version) && read.version > 0 && (read.expiresAt === undefined || Number.isFinite(read.expiresAt))
  )
}

function put(into: Readonly<Record<string, string>>, name: string, value: string): Record<string, string> {
  const record: Record<string, string> = into === none ? (Object.create(null) as Record<string, string>) : into
  record[name] = value
  return record
}

function isReserved(name: string): boolean {
  return name === contentType || name.startsWith(prefix) || name.startsWith(systemPrefix) || name.startsWith(escape)
}

function parse(native: string): Record<string, string> {
  let headers: unknown
  try {
    headers = (JSON.parse(native) as { readonly headers?: unknown } | null)?.headers
  } catch (cause) {
    throw foreignOriginal(native, { cause })
  }
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers) || Object.values(headers).some((value) => typeof value !== 'string'))
    throw foreignOriginal(native)
  return Object.assign(Object.create(null) as Record<string, string>, headers)
}
