import type { Settlement } from '../context/index.js'
import { errorFacts } from '../errors/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { Passage } from './failure-gate.js'
import { Gatekeeper } from './gatekeeper.js'
import type { HandlerContext } from './handler-context.js'
import type { HandlerInit } from './handler-step.js'
import type { IntakeLimit, StepEndpoint } from './step-endpoint.js'

export interface PaceInit {
  readonly after: number
  readonly waitMs: number
}

/** After so long without a run, which could succeed, it is slow no more: other handlers of the endpoint may have much to do. */
const quietMs = 60_000
const never = new AbortController().signal

/** How fast one endpoint goes: at its own pace, or one at a time with a wait between two attempts. */
export class Pace {
  readonly #scope: BusScope
  readonly #endpoint: StepEndpoint
  readonly #init: PaceInit
  readonly #keeper: Gatekeeper
  #limit: IntakeLimit | undefined
  #slowSince = 0
  #ended = 0

  constructor({ scope, endpoint }: HandlerInit, init: PaceInit) {
    this.#scope = scope
    this.#endpoint = endpoint
    this.#init = init
    this.#keeper = new Gatekeeper(scope.clock, { failures: init.after, waitMs: init.waitMs })
  }

  /** For what need not wait. */
  pass(): Passage | undefined {
    return this.#keeper.pass()
  }

  /** Waits until it may start, or is settled without. */
  enter(init: HandlerInit, context: HandlerContext): Promise<Passage | Settlement> {
    return this.#keeper.enter(init, context)
  }

  succeeded(passage: Passage): void {
    this.#ended += 1
    if (this.#keeper.end(passage, 'success') === 'widened') this.#speedUp()
  }

  failed(passage: Passage, error: Error): void {
    this.#ended += 1
    if (this.#keeper.end(passage, 'failure') === 'narrowed') this.#slowDown(error)
  }

  /** It was neither. */
  ended(passage: Passage): void {
    this.#ended += 1
    this.#keeper.end(passage, 'neither')
  }

  #slowDown(error: Error): void {
    const { name, pause } = this.#endpoint
    const { after, waitMs } = this.#init
    this.#slowSince = this.#scope.clock.now()
    this.#limit = pause.limit('slow-down', 1)
    void this.#endWhenQuiet(this.#limit)
    this.#scope.count('slowed-down', name)
    this.#scope.logger.warn(
      { endpoint: name, failures: after, waitMs, error: errorFacts(error).message },
      `${name} slows down after ${after} failures in a row: one attempt at a time, ${waitMs} ms between two, until one succeeds`,
    )
  }

  async #endWhenQuiet(limit: IntakeLimit): Promise<void> {
    let before: number
    do {
      before = this.#ended
      const how = await this.#endpoint.waits.wait(Math.max(quietMs, 2 * this.#init.waitMs), never)
      if (how === 'ended' || this.#limit !== limit) return
    } while (this.#ended > before || !this.#keeper.isIdle)
    this.#keeper.widen()
    this.#speedUp()
  }

  #speedUp(): void {
    const { name } = this.#endpoint
    const slowMs = this.#scope.clock.now() - this.#slowSince
    this.#limit?.end()
    this.#limit = undefined
    this.#scope.count('sped-up', `${name} after ${slowMs} ms`)
    this.#scope.logger.info({ endpoint: name, slowMs }, `${name} goes on at its own pace after ${slowMs} ms`)
  }
}
