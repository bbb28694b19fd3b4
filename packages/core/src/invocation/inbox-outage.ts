import { asError, errorFacts } from '../errors/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { StepEndpoint } from './step-endpoint.js'

const tryAgainMs = 1_000

/** The time in which the inbox of an endpoint does not answer: told once when it begins and once when it ends, whatever falls into it. */
export class InboxOutage {
  readonly #scope: BusScope
  readonly #endpoint: StepEndpoint
  #since: number | undefined
  #nextTryAt = 0

  constructor(scope: BusScope, endpoint: StepEndpoint) {
    this.#scope = scope
    this.#endpoint = endpoint
  }

  get isOn(): boolean {
    return this.#since !== undefined
  }

  begin(cause: unknown, consequence: string): void {
    if (this.#since !== undefined) return
    this.#since = this.#scope.clock.now()
    const { name } = this.#endpoint
    const error = errorFacts(asError(cause, name)).message
    this.#scope.logger.error({ endpoint: name, error }, `${name} cannot reach its inbox: ${consequence}`)
  }

  end(): void {
    if (this.#since === undefined) return
    const gapMs = this.#scope.clock.now() - this.#since
    this.#since = undefined
    this.#scope.logger.info({ endpoint: this.#endpoint.name, gapMs }, `${this.#endpoint.name} reaches its inbox again after ${gapMs} ms`)
  }

  /** Asks again until the store answers; `ended` when the lock is lost or the bus stops first. The endpoint takes nothing new meanwhile, and what waits here takes no place from others. */
  async bridge<T>(ask: () => Promise<T>, cause: unknown, lost: AbortSignal): Promise<T | 'ended'> {
    const { pause, lanes } = this.#endpoint
    this.begin(cause, 'it takes nothing new, and tries again until it can')
    pause.begin('inbox-down')
    try {
      while ((await lanes.rest(this.#turn(lost))) === 'due') {
        try {
          const answer = await ask()
          this.end()
          return answer
        } catch (error) {
          this.begin(error, 'it takes nothing new, and tries again until it can')
        }
      }
      return 'ended'
    } finally {
      pause.end('inbox-down')
    }
  }

  /** One of all that wait asks at a time; when it has got an answer, all do. */
  async #turn(lost: AbortSignal): Promise<'due' | 'ended'> {
    while ((await this.#endpoint.waits.wait(tryAgainMs, lost)) === 'due') {
      const now = this.#scope.clock.now()
      if (this.#since !== undefined && now < this.#nextTryAt) continue
      this.#nextTryAt = now + tryAgainMs
      return 'due'
    }
    return 'ended'
  }
}
