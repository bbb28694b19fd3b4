import type { Subscription } from '../contract/index.js'
import type { Logger } from '../logging/logger.js'

/** Why an endpoint takes nothing new. */
export type PauseReason = 'copy-refused' | 'broker-trouble' | 'stopping'

/** Whether an endpoint takes anything new: it does while nobody has a reason against it. */
export class EndpointPause {
  readonly endpoint: string
  readonly #logger: Logger
  readonly #reasons = new Map<PauseReason, number>()
  #subscription: Subscription | undefined
  #prefetch = 0
  #applied = 0
  #applying: Promise<void> | undefined

  constructor(endpoint: string, logger: Logger) {
    this.endpoint = endpoint
    this.#logger = logger
  }

  get reasons(): readonly PauseReason[] {
    return [...this.#reasons.keys()]
  }

  attach(subscription: Subscription, prefetch: number): void {
    this.#subscription = subscription
    this.#prefetch = prefetch
    this.#applied = prefetch
    void this.#apply()
  }

  /** The prefetch when nothing is paused: 1 while a suspect runs alone. */
  setPrefetch(prefetch: number): void {
    this.#prefetch = prefetch
    void this.#apply()
  }

  begin(reason: PauseReason): void {
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1)
    void this.#apply()
  }

  end(reason: PauseReason): void {
    const count = this.#reasons.get(reason) ?? 0
    if (count > 1) this.#reasons.set(reason, count - 1)
    else this.#reasons.delete(reason)
    void this.#apply()
  }

  /** Resolves when the transport has taken the last wish. */
  async applied(): Promise<void> {
    while (this.#applying !== undefined) await this.#applying
  }

  /** One call at a time; the last wish wins. */
  #apply(): Promise<void> {
    this.#applying ??= this.#run().finally(() => {
      this.#applying = undefined
    })
    return this.#applying
  }

  async #run(): Promise<void> {
    for (let wanted = this.#wanted(); this.#subscription !== undefined && wanted !== this.#applied; wanted = this.#wanted()) {
      try {
        await this.#subscription.limit(wanted)
      } catch (error) {
        this.#logger.warn({ endpoint: this.endpoint, prefetch: wanted, error: error instanceof Error ? error.message : String(error) }, `${this.endpoint} could not change its prefetch`)
      }
      this.#applied = wanted
    }
  }

  #wanted(): number {
    return this.#reasons.size > 0 ? 0 : this.#prefetch
  }
}
