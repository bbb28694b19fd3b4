import type { Middleware } from '../context/index.js'
import { ConfigurationError, quote } from '../errors/index.js'
import { HandlerStep, middleware as middlewarePlace, policyGivenTo } from '../invocation/index.js'
import type { RecoveryPolicy, RetryOptions } from '../recovery/index.js'
import { nearest } from '../wire/index.js'

const place = middlewarePlace()
const behindLimits: ReadonlySet<string> = new Set(['drop-expired', 'idempotency', 'flush-outgoing'])

/**
 * The steps around each handler of an endpoint, outermost first: core's own by their names, and your middleware by
 * theirs. A value: what composes it returns another one. Its order is checked at start.
 */
export class Pipeline {
  readonly steps: readonly Middleware[]

  constructor(steps: readonly Middleware[]) {
    this.steps = Object.freeze([...steps])
  }

  /** A list of steps: where it has no place for the middleware, that runs at its end. */
  static of(steps: readonly Middleware[]): Pipeline {
    return new Pipeline(steps.includes(place) ? steps : [...steps, place])
  }

  /** With these steps outside of the one that is named, in this order. Throws a `ConfigurationError` when there is no such step. */
  before(name: string, ...steps: readonly Middleware[]): Pipeline {
    const index = this.#indexOf('before', name)
    return new Pipeline(this.steps.toSpliced(index, 0, ...steps))
  }

  /** With these steps inside of the one that is named, in this order. Throws a `ConfigurationError` when there is no such step. */
  after(name: string, ...steps: readonly Middleware[]): Pipeline {
    const index = this.#indexOf('after', name)
    return new Pipeline(this.steps.toSpliced(index + 1, 0, ...steps))
  }

  /** Without the step that is named. Throws a `ConfigurationError` when there is no such step. */
  without(name: string): Pipeline {
    return new Pipeline(this.steps.toSpliced(this.#indexOf('without', name), 1))
  }

  /** With another step in the place of the one that is named. Throws a `ConfigurationError` when there is no such step. */
  replace(name: string, step: Middleware): Pipeline {
    return new Pipeline(this.steps.toSpliced(this.#indexOf('replace', name), 1, step))
  }

  /** All steps, and this middleware inside of its place. */
  around(middleware: readonly Middleware[]): readonly Middleware[] {
    return this.steps.flatMap((step) => (step === place ? [step, ...middleware] : [step]))
  }

  /** Whether middleware has a place in it. */
  get hasPlace(): boolean {
    return this.steps.includes(place)
  }

  /** With a limit for what comes here, where its wait neither keeps a row claimed nor lets anything begin that has expired. */
  limited(limit: Middleware): Pipeline {
    const index = this.steps.findIndex((step) => step instanceof HandlerStep && behindLimits.has(step.name))
    return new Pipeline(this.steps.toSpliced(index, 0, limit))
  }

  /** The retries that its `recover` was given. */
  get retry(): RetryOptions | RecoveryPolicy | undefined {
    for (const step of this.steps) {
      const retry = step instanceof HandlerStep ? policyGivenTo(step) : undefined
      if (retry !== undefined) return retry
    }
    return undefined
  }

  #indexOf(word: string, name: string): number {
    const index = this.steps.findIndex((step) => step.name === name)
    if (index !== -1) return index
    const names = this.steps.map((step) => step.name)
    const meant = nearest(String(name), names)
    throw new ConfigurationError('a pipeline cannot be composed', [
      {
        what: `${word}(${quote(name)}): the pipeline has no step of this name`,
        fix: meant === undefined ? `It has ${names.join(', ')}.` : `Did you mean ${quote(meant)}? It has ${names.join(', ')}.`,
      },
    ])
  }
}
