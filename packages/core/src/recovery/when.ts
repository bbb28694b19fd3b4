import { parseDuration, type Duration } from '../wire/index.js'
import { ConfigurationError, quote } from '../errors/index.js'
import { isHopeless } from './hopeless.js'
import type { RecoveryPolicy, RecoveryRule } from './policy.js'

export type ErrorClass = abstract new (...args: never[]) => unknown
export type ErrorTest = ErrorClass | ((error: Error) => boolean)

/** The end of a policy: the message is kept for people, and this endpoint goes on. */
export interface DeadLetter {
  readonly action: 'dead-letter'
}

/** The end of a policy: a confirmed copy at `<endpoint>.dead-letter`, then the delivery is accepted. */
export const deadLetter = (): DeadLetter => ({ action: 'dead-letter' })

/** Builds one rule; each word returns a new builder, and each builder is a policy. */
export interface RuleBuilder extends RecoveryPolicy {
  /** Again at once, `n` times, with the lock held and nobody else of its key running. */
  retryNow(n: number): RuleBuilder
  /** Then again after each of these; before each wait come the immediate retries again. */
  retryAfter(...delays: readonly Duration[]): RuleBuilder
  /** Delayed retries also for messages whose sender waits for a reply. */
  alsoForRequests(): RuleBuilder
  lastly(end: DeadLetter): RuleBuilder
  /** Adds the rules of another policy; the most specific match wins, then the first. */
  or(other: RecoveryPolicy): RecoveryPolicy
}

/** `when(GatewayTimeout).retryNow(2).retryAfter('10s', '1m').lastly(deadLetter())`. Classes match by `instanceof`, functions by their answer. */
export function when(...tests: readonly ErrorTest[]): RuleBuilder {
  if (tests.length === 0)
    throw new ConfigurationError('when() without an error', [
      { what: 'when() matches nothing', fix: 'Name the errors: when(GatewayTimeout), or when(Error) for all.' },
    ])
  return builder({ name: tests.map(nameOf).join(' | '), match: matcher(tests), immediate: 0, delayedMs: [], requests: 'immediate' })
}

function builder(rule: RecoveryRule): RuleBuilder {
  return {
    rules: [rule],
    retryNow: (n) => {
      if (!Number.isInteger(n) || n < 0 || n > 1000) throw wrongWord(`retryNow(${quote(n)})`, 'Give a whole number from 0 to 1000.')
      return builder({ ...rule, immediate: n })
    },
    retryAfter: (...delays) => builder({ ...rule, delayedMs: delays.map(delayMs) }),
    alsoForRequests: () => builder({ ...rule, requests: 'delayed' }),
    lastly: () => builder(rule),
    or: (other) => ({ rules: [rule, ...other.rules] }),
  }
}

function delayMs(delay: Duration): number {
  const ms = parseDuration(delay)
  if (ms === undefined) throw wrongWord(`retryAfter(${quote(delay)})`, 'Use durations such as "250ms", "10s", "1m".')
  return ms
}

const wrongWord = (what: string, fix: string): ConfigurationError => new ConfigurationError('A retry policy is wrong', [{ what, fix }])

const isClass = (test: ErrorTest): test is ErrorClass => test === Error || test.prototype instanceof Error

const nameOf = (test: ErrorTest): string => (test.name === '' ? 'a predicate' : test.name)

function matcher(tests: readonly ErrorTest[]): RecoveryRule['match'] {
  return (error) => {
    let nearest: number | undefined
    for (const test of tests) {
      // A rule for all errors does not mean the hopeless ones; one that names their class does.
      if (test === Error && isHopeless(error)) continue
      const distance = isClass(test) ? distanceTo(error, test) : test(error) ? 0 : undefined
      if (distance !== undefined && (nearest === undefined || distance < nearest)) nearest = distance
    }
    return nearest
  }
}

/** Steps up the prototype chain from the error's class to the one that was named. */
function distanceTo(error: Error, errorClass: ErrorClass): number | undefined {
  let steps = 0
  for (let proto: unknown = Object.getPrototypeOf(error); proto !== null && proto !== undefined; proto = Object.getPrototypeOf(proto)) {
    if (proto === errorClass.prototype) return steps
    steps += 1
  }
  return undefined
}
