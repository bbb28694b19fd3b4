import type { Middleware } from '../context/index.js'
import { ConfigurationError, type Problem } from '../errors/index.js'
import {
  circuitBreaker,
  concurrencyLimit,
  dropExpired,
  filter,
  flushOutgoing,
  idempotency,
  idempotencyIfStored,
  logging,
  middleware,
  rateLimit,
  recover,
  slowDown,
  timeout,
  type CircuitBreakerOptions,
  type ConcurrencyLimitOptions,
  type DropExpiredOptions,
  type FilterOptions,
  type IdempotencyOptions,
  type LoggingOptions,
  type RateLimitOptions,
  type SlowDownOptions,
  type TimeoutOptions,
} from '../invocation/index.js'
import type { RecoveryPolicy, RetryOptions } from '../recovery/index.js'
import { anything, checkOptions } from '../wire/index.js'
import { Pipeline } from './pipeline.js'

/** Which optional steps the standard pipeline has; what is `false` or left out is not there. `true` where a step needs no options. */
export interface StandardPipelineOptions {
  /** One line for each message that a handler has ended with. */
  readonly logging?: boolean | LoggingOptions
  /** The retries of handlers, where handler, endpoint and bus say nothing. */
  readonly recover?: RetryOptions | RecoveryPolicy
  /** Which messages the handlers are for. */
  readonly filter?: false | FilterOptions
  /** One attempt at a time while everything fails. */
  readonly slowDown?: boolean | SlowDownOptions
  /** No failures while a dependency is down. For one that several pipelines share, put one value into each. */
  readonly circuitBreaker?: false | CircuitBreakerOptions
  /** So many runs at once. */
  readonly concurrencyLimit?: false | ConcurrencyLimitOptions
  /** So many starts in a time. */
  readonly rateLimit?: false | RateLimitOptions
  /** Lets no handler begin when its message has expired behind a limit. */
  readonly dropExpired?: boolean | DropExpiredOptions
  /** Runs a handler once for a message. There by itself where the bus has `stores: { inbox }`; asked for, a bus without one is refused at start. */
  readonly idempotency?: boolean | IdempotencyOptions
  /** A deadline around middleware and handler. */
  readonly timeout?: false | TimeoutOptions
}

type Factory = (options: never) => Middleware

const standardIdempotency = (options: IdempotencyOptions | undefined): Middleware => (options === undefined ? idempotencyIfStored() : idempotency(options))

/** The order of the standard pipeline, outermost first: the option of each step, its factory, and when it is there. */
const steps: readonly (readonly [option: string, factory: Factory, presence: 'always' | 'when asked for' | 'unless refused'])[] = [
  ['logging', logging, 'when asked for'],
  ['recover', recover, 'always'],
  ['filter', filter, 'when asked for'],
  ['slowDown', slowDown, 'when asked for'],
  ['circuitBreaker', circuitBreaker, 'when asked for'],
  ['concurrencyLimit', concurrencyLimit, 'when asked for'],
  ['rateLimit', rateLimit, 'when asked for'],
  ['dropExpired', dropExpired, 'when asked for'],
  ['idempotency', standardIdempotency, 'unless refused'],
  ['flushOutgoing', flushOutgoing, 'always'],
  ['timeout', timeout, 'when asked for'],
  ['middleware', middleware, 'always'],
]

/** Those that take no options. */
const fixed: ReadonlySet<string> = new Set(['flushOutgoing', 'middleware'])

/**
 * The pipeline of an endpoint's handlers: `recover`, `flush-outgoing` and the place of your middleware, and what else is
 * asked for, each step in its place. Throws one `ConfigurationError` that names all that is wrong with the options.
 */
export function standardPipeline(options: StandardPipelineOptions = {}): Pipeline {
  const known = Object.fromEntries(steps.filter(([option]) => !fixed.has(option)).map(([option]) => [option, anything]))
  const problems: Problem[] = [...checkOptions('standardPipeline', options, known)]
  const made = steps.flatMap(([option, factory, presence]): Middleware[] => {
    const given: unknown = Reflect.get(Object(options), option)
    if ((presence === 'when asked for' && given === undefined) || (presence !== 'always' && given === false)) return []
    try {
      return [(factory as (options: unknown) => Middleware)(given === true ? {} : given)]
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      problems.push(...error.problems)
      return []
    }
  })
  if (problems.length > 0) throw new ConfigurationError('the standard pipeline cannot be made', problems)
  return new Pipeline(made)
}
