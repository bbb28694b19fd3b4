import { isUtf8 } from 'node:buffer'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Destination, Envelope, Outgoing } from '../../src/contract/index.js'
import { fromRecord, toEnvelope } from '../../src/memory/envelope-mapping.js'
import type { RawMessage } from '../../src/memory/index.js'

/** One message as it is on the wire, in a file for people and for other languages. */
export interface Vector {
  readonly about: string
  readonly destination: Destination
  /** Epoch milliseconds. */
  readonly notBefore?: number
  readonly copyId: string
  /** What core hands to a transport, without the body. */
  readonly envelope: Omit<Envelope, 'body'>
  /** The native headers, as the memory transport maps them. */
  readonly headers: Readonly<Record<string, string>>
  /** Text where the bytes are UTF-8. */
  readonly body: { readonly utf8: string } | { readonly base64: string }
}

const folder = fileURLToPath(new URL('golden', import.meta.url))
const path = (name: string): string => `${folder}/${name}.json`

export const vectorNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))

export const readVector = (name: string): Vector => JSON.parse(readFileSync(path(name), 'utf8')) as Vector
export const textOfFile = (name: string): string => readFileSync(path(name), 'utf8')
export const writeVector = (name: string, vector: Vector): void => writeFileSync(path(name), textOf(vector))
export const textOf = (vector: Vector): string => `${JSON.stringify(vector, null, 2)}\n`

/** A vector of what was sent and of what the broker has of it. What differs from run to run is masked. */
export function vectorOf(about: string, { destination, notBefore, envelope: { body: _, ...envelope }, ...outgoing }: Outgoing, raw: RawMessage): Vector {
  const copyId = envelope.kind === 'query' || envelope.kind === 'reply' ? 'unique' : outgoing.copyId
  const bytes = Buffer.from(raw.body ?? [])
  const body = isUtf8(bytes) ? { utf8: bytes.toString() } : { base64: bytes.toString('base64') }
  return masked({ about, destination, ...(notBefore === undefined ? undefined : { notBefore }), copyId, envelope, headers: raw.headers, body })
}

const instance = /(?<=\.replies\.)[\da-f-]{36}/
const placesInStack = /\n[^]*$/
/** What our own errors say is for people and may change; their codes may not. */
const ownWords = /^(\w+: )?[^]*(?= \(WAYBILL_(?!UNRECOVERABLE))/

/** The instance in an address of replies, the places in a stack, the words of our own errors. */
function masked(vector: Vector): Vector {
  const text = JSON.stringify(vector, (name, value: unknown) => {
    if (typeof value !== 'string') return value
    if (name.endsWith('dead-letter-error-message')) return value.replace(ownWords, '…')
    if (name.endsWith('dead-letter-error-stack')) return value.replace(placesInStack, '\n    at …').replace(ownWords, '$1…')
    return value.replace(instance, 'instance')
  })
  return JSON.parse(text) as Vector
}

export const bytesOf = ({ body }: Vector): Uint8Array => ('utf8' in body ? Buffer.from(body.utf8) : Buffer.from(body.base64, 'base64'))

/** What a transport reads from the native headers. */
export const envelopeOf = (vector: Vector): Envelope | undefined => toEnvelope(fromRecord(vector.headers), bytesOf(vector))
