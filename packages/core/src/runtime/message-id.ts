import { createHash, randomUUID } from 'node:crypto'

let lastMs = -1
let lastPrefix = ''

/** A UUIDv7 (RFC 9562): sorts by its millisecond. */
export function messageId(nowMs: number): string {
  return `${timePrefix(nowMs)}${randomUUID().slice(15)}`
}

/** A UUIDv7-shaped id that is a function of its parts: the same parts give the same id, on every machine. Its time is the cause's. */
export function derivedId(causeMs: number, parts: readonly string[], body: Uint8Array): string {
  const hash = createHash('sha256')
  // Lengths before texts, so that no two lists of parts look alike.
  for (const part of parts) hash.update(`${part.length}:${part}`)
  const hex = hash.update(body).digest('hex')
  const variant = ((Number.parseInt(hex[3] ?? '0', 16) & 3) | 8).toString(16)
  return `${timePrefix(causeMs)}${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`
}

/** `0193a5b2-7c1e-7`: 48 bits of time and the version. */
function timePrefix(ms: number): string {
  if (ms !== lastMs) {
    const hex = Math.max(0, Math.trunc(ms)).toString(16).padStart(12, '0')
    lastPrefix = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7`
    lastMs = ms
  }
  return lastPrefix
}

/** The millisecond inside of a UUIDv7, or `undefined` for any other id. */
export function timeOfId(id: string): number | undefined {
  return id.length === 36 && id[14] === '7' && id[8] === '-' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined
}

/** The time that ids of what a message causes carry: that of its own id, else of its sending. The same at every redelivery. */
export function timeOfCause({ id, time }: { readonly id: string; readonly time: string }): number {
  const ms = timeOfId(id) ?? Date.parse(time)
  return Number.isNaN(ms) ? 0 : ms
}

let isoMs = -1
let isoText = ''

/** RFC 3339 with milliseconds. Formatted once a millisecond: formatting costs more than sending. */
export function isoTime(nowMs: number): string {
  if (nowMs !== isoMs) {
    isoText = new Date(nowMs).toISOString()
    isoMs = nowMs
  }
  return isoText
}
