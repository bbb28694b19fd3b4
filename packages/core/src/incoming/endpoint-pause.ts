import type { Clock, Subscription } from '../contract/index.js'
import type { IntakeLimit, StepEndpoint, StepPauseReason } from '../invocation/index.js'
import type { Logger } from '../logging/logger.js'

/** Why an endpoint takes nothing new; `slow-down`: one at a time. */
export type PauseReason = 'copy-refused' | 'broker-trouble' | 'stopping' | StepPauseReason

type StepPause = StepEndpoint['pause']

const tryAgainMs = 1_000

/** Whether an endpoint takes anything new, and how much: all that it may while nobody has a reason against it. */
export class EndpointPause implements StepPause {
  readonly endpoint: string
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #reasons = new Map<PauseReason, number>()
  /** What steps ask for. */
  readonly #limits = new Map<IntakeLimit, { readonly reason: StepPauseReason; readonly most: number }>()
  /** One at a time, for a suspect: it may come before `attach`. */
  #narrowed = false
  #subscription: Subscription | undefined
  #prefetch = 0
  #applied = 0
  #applying: Promise<void> | undefined
  #isRefused = false

  constructor(endpoint: string, logger: Logger, clock: Clock) {
    this.endpoint = endpoint
    this.#logger = logger
    this.#clock = clock
  }

  get reasons(): readonly PauseReason[] {
    return [...new Set([...this.#reasons.keys(), ...[...this.#limits.values()].map(({ reason }) => reason)])]
  }

  attach(subscription: Subscription, prefetch: number): void {
    this.#subscription = subscription
    this.#prefetch = prefetch
    this.#applied = prefetch
    this.#apply()
  }

  /** The subscription has ended: nothing is asked of it any more. */
  detach(): void {
    this.#subscription = undefined
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

  narrow(): void {
    this.#narrowed = true
    this.#apply()
  }

  widen(): void {
    this.#narrowed = false
    this.#apply()
  }

  /** Takes at most so many until it is ended. */
  limit(reason: StepPauseReason, most: number): IntakeLimit {
    const limit: IntakeLimit = {
      set: (atMost) => {
        this.#limits.set(limit, { reason, most: atMost })
        this.#apply()
      },
      end: () => {
        this.#limits.delete(limit)
        this.#apply()
      },
    }
    limit.set(most)
    return limit
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
    if (this.#reasons.size > 0) return 0
    let wanted = this.#narrowed ? 1 : this.#prefetch
    for (const { most } of this.#limits.values()) wanted = Math.min(wanted, most)
    return wanted
  }
}
