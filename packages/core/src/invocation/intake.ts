import type { IntakeLimit, StepEndpoint } from './step-endpoint.js'

/**
 * What an endpoint takes while its circuit breaker is open: nothing, as long as somebody waits here who has not tried in
 * this outage. When all have, one more: if those that are here fail for a reason of their own, another one shows it.
 */
export class Intake {
  readonly endpoint: StepEndpoint
  /** When a delivery was last given up so that the others could go on. */
  gaveWayAt = Number.NEGATIVE_INFINITY
  #limit: IntakeLimit | undefined
  #waiting = 0
  #untried = 0

  constructor(endpoint: StepEndpoint) {
    this.endpoint = endpoint
  }

  pause(): void {
    this.#limit ??= this.endpoint.pause.limit('circuit-open', this.#most)
  }

  resume(): void {
    this.#limit?.end()
    this.#limit = undefined
  }

  join(hasTried: boolean): void {
    this.#waiting += 1
    if (!hasTried) this.#untried += 1
    this.#adjust()
  }

  leave(hasTried: boolean): void {
    this.#waiting -= 1
    if (!hasTried) this.#untried -= 1
    this.#adjust()
  }

  #adjust(): void {
    this.#limit?.set(this.#most)
  }

  /** One where nobody is here: what has opened the circuit may be at fault itself, at another endpoint, or gone before it could try again. */
  get #most(): number {
    return this.#untried > 0 ? 0 : this.#waiting + 1
  }
}
