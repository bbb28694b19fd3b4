import type { GatherOptions, RequestEventOptions, RequestOptions, SendOptions } from '../context/index.js'
import { InvalidSendOptionError, quote } from '../errors/index.js'
import type { AnyEventClass } from '../messages/index.js'
import { nearest, parseDuration } from '../wire/index.js'

const noHeaders: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>)

/** CloudEvents and the brokers' own: a user's header of this name would be taken for one of them. */
const reserved = /^(ce[-_]|cloudevents|waybill[-_.]|content-type$|__proto__$)/i
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f]/
/** Whether a text arrives as it left: half of a surrogate pair has no bytes in UTF-8. */
const travels = (text: string): boolean => !control.test(text) && text.isWellFormed()
const longestKey = 255

/** A copy of the user's headers with a null prototype. Throws `InvalidSendOptionError` for what a wire cannot carry or the framework owns. */
export function checkHeaders(headers: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, string>> {
  if (headers === undefined) return noHeaders
  const copy = Object.create(null) as Record<string, string>
  for (const [name, value] of Object.entries(headers)) {
    if (name === '' || !travels(name))
      throw new InvalidSendOptionError('A header name', name, 'Use visible characters: CR, LF and NUL end a header on some wires')
    if (reserved.test(name)) throw new InvalidSendOptionError('A header name', name, 'It is reserved for the framework. Choose another name')
    if (typeof value !== 'string') throw new InvalidSendOptionError(`The header ${quote(name)}`, value, 'Make it a text: String(value)')
    if (!travels(value))
      throw new InvalidSendOptionError(`The header ${quote(name)}`, value, 'Encode it, for example as base64: CR, LF and NUL end a header on some wires')
    copy[name] = value
  }
  return copy
}

/** What wire steps say of themselves: free names, but texts that every wire can carry. */
export function checkSystem(system: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const name in system) {
    const value: unknown = system[name]
    if (name === '' || !travels(name) || typeof value !== 'string' || !travels(value)) {
      throw new InvalidSendOptionError(`The system header ${quote(name)}`, value, 'A wire step sets texts without control characters')
    }
  }
  return system
}

const sendOptionNames = ['id', 'delay', 'cancelable', 'key', 'headers', 'expiresIn', 'signal', 'dispatch'] as const satisfies readonly (keyof SendOptions)[]
const requestOptionNames = ['id', 'key', 'headers', 'signal', 'timeout'] as const satisfies readonly (keyof RequestOptions)[]
const gatherOptionNames = ['key', 'headers', 'signal', 'timeout', 'from', 'count', 'quorum'] as const satisfies readonly (keyof GatherOptions)[]
const requestEventOptionNames = [
  'id',
  'key',
  'headers',
  'expiresIn',
  'signal',
  'timeout',
  'success',
  'failure',
] as const satisfies readonly (keyof RequestEventOptions<AnyEventClass>)[]
const dispatches: readonly unknown[] = [undefined, 'with-handler', 'immediately']

/** Throws `InvalidSendOptionError` for an option that does not exist, and for a `dispatch` that is none. The others are checked where they are used. */
export function checkSendOptions(verb: string, options: SendOptions | undefined): void {
  if (options === undefined) return
  checkNames(verb, options, sendOptionNames)
  const { cancelable } = options as { readonly cancelable?: unknown }
  if (cancelable !== undefined && typeof cancelable !== 'boolean') throw new InvalidSendOptionError('{ cancelable }', cancelable, 'Use true or false')
  if (!dispatches.includes(options.dispatch)) throw new InvalidSendOptionError('{ dispatch }', options.dispatch, "Use 'with-handler' or 'immediately'")
}

export function checkRequestOptions(options: RequestOptions | undefined): void {
  if (options !== undefined) checkNames('request', options, requestOptionNames)
}

/** The endpoints each once, and at most one of `count` and `quorum`, from 1 to all of them. */
export function checkGatherOptions(options: GatherOptions | undefined): asserts options is GatherOptions {
  if (options !== undefined) checkNames('gather', options, gatherOptionNames)
  const from: unknown = options?.from
  if (options === undefined || !Array.isArray(from) || from.length === 0)
    throw new InvalidSendOptionError('{ from } of gather()', from, "List the endpoints that are asked: { from: ['prices', 'stock'] }")
  for (const [index, name] of from.entries()) {
    if (!isEndpointName(name)) throw new InvalidSendOptionError(`{ from[${index}] } of gather()`, name, 'Use the name of an endpoint')
    if (from.indexOf(name) !== index) throw new InvalidSendOptionError(`{ from[${index}] } of gather()`, name, 'It stands there twice. List each endpoint once')
  }
  const { count, quorum } = options
  if (count !== undefined && quorum !== undefined)
    throw new InvalidSendOptionError('{ count, quorum } of gather()', count, 'Use one of them: count is of answers, quorum of replies')
  for (const [name, value] of Object.entries({ count, quorum })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= from.length))
      throw new InvalidSendOptionError(`{ ${name} } of gather()`, value, `Use a whole number from 1 to ${from.length}, the number of endpoints in \`from\``)
  }
}

export function checkRequestEventOptions(options: RequestEventOptions<AnyEventClass, AnyEventClass>): void {
  checkNames('requestEvent', options, requestEventOptionNames)
}

const isEndpointName = (name: unknown): boolean => typeof name === 'string' && name !== '' && name.length <= longestKey && travels(name)

/** An option that nobody reads would be a promise that nobody keeps: `{ delays: '10s' }` would send at once. */
function checkNames(verb: string, options: object, known: readonly string[]): void {
  checkSignal(options)
  for (const name in options) {
    if (known.includes(name)) continue
    const meant = nearest(name, known)
    throw new InvalidSendOptionError(`An option of ${verb}()`, name, meant === undefined ? `Known: ${known.join(', ')}` : `Did you mean ${quote(meant)}?`)
  }
}

export function checkSignal({ signal }: { readonly signal?: unknown }): void {
  if (signal === undefined) return
  if (typeof signal !== 'object' || signal === null || !('aborted' in signal) || !('addEventListener' in signal))
    throw new InvalidSendOptionError('{ signal }', signal, 'Use the signal of an AbortController, or AbortSignal.timeout()')
}

export function checkKey(key: unknown, type: string): string | undefined {
  if (key === undefined) return undefined
  if (typeof key === 'string' && key !== '' && key.length <= longestKey && travels(key)) return key
  throw new InvalidSendOptionError(
    `The key of ${quote(type)}`,
    key,
    `Use a text of 1 to ${longestKey} characters without control characters and halves of surrogate pairs`,
  )
}

export function checkId(id: unknown): string {
  if (typeof id === 'string' && id !== '' && id.length <= longestKey && travels(id)) return id
  throw new InvalidSendOptionError(
    'The id',
    id,
    `Use a text of 1 to ${longestKey} characters without control characters and halves of surrogate pairs, best a UUID`,
  )
}

/** Milliseconds. */
export function checkDuration(option: string, value: unknown): number {
  const ms = parseDuration(value)
  if (ms === undefined) throw new InvalidSendOptionError(`{ ${option} }`, value, 'Use a duration such as "250ms", "5s", "10m"')
  return ms
}
