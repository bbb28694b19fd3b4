import type { Clock, Subscription } from '../contract/index.js'
import type { Logger } from '../logging/logger.js'

/** Why an endpoint takes nothing new. */
export type PauseReason = 'copy-refused' | 'broker-trouble' | 'stopping'

const tryAgainMs = 1_000

/** Whether an endpoint takes anything new: it does while nobody has a reason against it. */
export class EndpointPause {
  readonly endpoint: string
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #reasons = new Map<PauseReason, number>()
  #subscription: Subscription | undefined
  /** Unknown until somebody says it: a suspect may come before `attach`. */
  #prefetch: number | undefined
  #applied = 0
  #applying: Promise<void> | undefined
  #isRefused = false

  constructor(endpoint: string, logger: Logger, clock: Clock) {
    this.endpoint = endpoint
    this.#logger = logger
    this.#clock = clock
  }

  get reasons(): readonly PauseReason[] {
    return [...this.#reasons.keys()]
  }

  attach(subscription: Subscription, prefetch: number): void {
    this.#subscription = subscription
    this.#prefetch ??= prefetch
    this.#applied = prefetch
    this.#apply()
  }

  /** The subscription has ended: nothing is asked of it any more. */
  detach(): void {
    this.#subscription = undefined
  }

  /** The prefetch when nothing is paused: 1 while a suspect runs alone. */
  setPrefetch(prefetch: number): void {
    this.#prefetch = prefetch
    this.#apply()
  }

  begin(reason: PauseReason): void {
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1)
    this.#apply()
  }

  end(reason: PauseReason): void {
    const count = this.#reasons.get(reason) ?? 0
    if (count > 1) this.#reasons.set(reason, count - 1)
    else this.#reasons.delete(reason)
    this.#apply()
  }

  /** Resolves when the transport has taken the last wish, or refused it. */
  async applied(): Promise<void> {
    while (this.#applying !== undefined) await this.#applying
  }

  /** One call at a time; the last wish wins. */
  #apply(): void {
    if (this.#applying === undefined && this.#isDue) this.#applying = this.#run()
  }

  async #run(): Promise<void> {
    while (this.#isDue && (await this.#limit(this.#wanted))) continue
    // In the same step as the last look: a wish that comes now starts a run of its own.
    this.#applying = undefined
  }

  /** Refused, it is tried again later: an endpoint that could not be resumed must not stand for ever. */
  async #limit(prefetch: number): Promise<boolean> {
    try {
      await this.#subscription?.limit(prefetch)
      this.#applied = prefetch
      this.#isRefused = false
      return true
    } catch (error) {
      if (!this.#isRefused)
        this.#logger.warn(
          { endpoint: this.endpoint, prefetch, error: error instanceof Error ? error.message : String(error) },
          `${this.endpoint} could not change its prefetch. It is tried again until it can`,
        )
      this.#isRefused = true
      this.#clock.after(tryAgainMs, () => this.#apply())
      return false
    }
  }

  get #isDue(): boolean {
    return this.#subscription !== undefined && this.#wanted !== this.#applied
  }

  get #wanted(): number {
    return this.#reasons.size > 0 ? 0 : (this.#prefetch ?? 0)
  }
}
