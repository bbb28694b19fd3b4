import { parseDuration, type Duration } from './duration.js'
import { nearest } from './nearest.js'
import { redactUrl } from './redact-url.js'

/** One thing that is wrong with options: where, what is expected, what is there. */
export interface OptionProblem {
  readonly what: string
  readonly fix: string
}

/** Says what is expected of a value, or `undefined` when it fits. */
export type Check = (value: unknown) => string | undefined

/** Checks every field of an options object; reports all problems at once, with path and expectation. Unknown names are problems and name the nearest known one. */
export function checkOptions(path: string, options: unknown, checks: Readonly<Record<string, Check>>): OptionProblem[] {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return [{ what: `${path} must be an object, got ${show(options)}`, fix: `Pass { ${Object.keys(checks).slice(0, 3).join(', ')}, … }.` }]
  }
  const problems: OptionProblem[] = []
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(checks, name)) continue
    const meant = nearest(name, Object.keys(checks))
    problems.push({
      what: `${path}.${name} is no option`,
      fix: meant === undefined ? `Known: ${Object.keys(checks).join(', ')}.` : `Did you mean ${path}.${meant}?`,
    })
  }
  for (const [name, check] of Object.entries(checks)) {
    const value: unknown = Reflect.get(options, name)
    const expected = check(value)
    if (expected !== undefined)
      problems.push({
        what: `${path}.${name} must be ${expected}, got ${isSecret.test(name) ? `a ${typeof value} that is not shown` : show(value)}`,
        fix: `Set ${path}.${name} to ${expected}.`,
      })
  }
  return problems
}

/** The check, for options that may be left out. */
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value)

/** A whole number between both limits, which are allowed. */
export const integer =
  (from: number, to: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= from && (value as number) <= to ? undefined : `an integer from ${from} to ${to}`

/** A string with at least one character. */
export const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'a text that is not empty')

/** `true` or `false`. */
export const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false')

/** One of the strings. */
export const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string) ? undefined : values.map((name) => JSON.stringify(name)).join(' or ')

/** What `parseDuration` reads. */
export const duration: Check = (value) => (parseDuration(value) === undefined ? `a duration such as "250ms", "5s", "10m"` : undefined)

/** No check here: somebody else checks it. */
export const anything: Check = () => undefined

/** Milliseconds of an option that was checked, or of its default. */
export function milliseconds(value: Duration | undefined, byDefault: Duration): number {
  return parseDuration(value ?? byDefault) ?? 0
}

/** A password made of digits is a number to a configuration file: what is wrong must not be told. */
const isSecret = /pass|pwd|secret|token|credential/i
const longest = 60
function show(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(redactUrl(value))
      : typeof value === 'object' && value !== null
        ? Array.isArray(value)
          ? 'an array'
          : 'an object'
        : typeof value === 'function'
          ? `the function ${value.name}`.trimEnd()
          : String(value)
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}
