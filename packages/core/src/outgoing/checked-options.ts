import { InvalidSendOptionError, quote } from '../errors/index.js'
import { parseDuration } from '../wire/index.js'

const noHeaders: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>)

/** CloudEvents and the brokers' own: a user's header of this name would be taken for one of them. */
const reserved = /^(ce[-_]|cloudevents|waybill[-_.]|content-type$|__proto__$)/i
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f]/
const longestKey = 255

/** A copy of the user's headers with a null prototype. Throws `InvalidSendOptionError` for what a wire cannot carry or the framework owns. */
export function checkHeaders(headers: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, string>> {
  if (headers === undefined) return noHeaders
  const copy = Object.create(null) as Record<string, string>
  for (const [name, value] of Object.entries(headers)) {
    if (name === '' || control.test(name)) throw new InvalidSendOptionError('A header name', name, 'Use visible characters: CR, LF and NUL end a header on some wires')
    if (reserved.test(name)) throw new InvalidSendOptionError('A header name', name, 'It is reserved for the framework. Choose another name')
    if (typeof value !== 'string') throw new InvalidSendOptionError(`The header ${quote(name)}`, value, 'Make it a text: String(value)')
    if (control.test(value)) throw new InvalidSendOptionError(`The header ${quote(name)}`, value, 'Encode it, for example as base64: CR, LF and NUL end a header on some wires')
    copy[name] = value
  }
  return copy
}

export function checkKey(key: unknown, type: string): string | undefined {
  if (key === undefined) return undefined
  if (typeof key === 'string' && key !== '' && key.length <= longestKey && !control.test(key)) return key
  throw new InvalidSendOptionError(`The key of ${quote(type)}`, key, `Use a text of 1 to ${longestKey} characters without control characters`)
}

export function checkId(id: unknown): string {
  if (typeof id === 'string' && id !== '' && id.length <= longestKey && !control.test(id)) return id
  throw new InvalidSendOptionError('The id', id, `Use a text of 1 to ${longestKey} characters without control characters, best a UUID`)
}

/** Milliseconds. */
export function checkDuration(option: string, value: unknown): number {
  const ms = parseDuration(value)
  if (ms === undefined) throw new InvalidSendOptionError(`{ ${option} }`, value, 'Use a duration such as "250ms", "5s", "10m"')
  return ms
}
