import type { Clock, Subscription } from '../contract/index.js'
import type { NarrowReason, StepEndpoint, StepPauseReason } from '../invocation/index.js'
import type { Logger } from '../logging/logger.js'

/** Why an endpoint takes nothing new. */
export type PauseReason = 'copy-refused' | 'broker-trouble' | 'stopping' | StepPauseReason

type StepPause = StepEndpoint['pause']

const tryAgainMs = 1_000

/** Whether an endpoint takes anything new, and how much: all that it may while nobody has a reason against it. */
export class EndpointPause implements StepPause {
  readonly endpoint: string
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #reasons = new Map<PauseReason, number>()
  /** A suspect may come before `attach`. */
  readonly #narrowed = new Map<NarrowReason, number>()
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
    return [...this.#reasons.keys()]
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
    add(this.#reasons, reason)
    this.#apply()
  }

  end(reason: PauseReason): void {
    remove(this.#reasons, reason)
    this.#apply()
  }

  narrow(reason: NarrowReason): void {
    add(this.#narrowed, reason)
    this.#apply()
  }

  widen(reason: NarrowReason): void {
    remove(this.#narrowed, reason)
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
    if (this.#reasons.size > 0) return 0
    return this.#narrowed.size > 0 ? 1 : this.#prefetch
  }
}

function add<Reason>(reasons: Map<Reason, number>, reason: Reason): void {
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
}

function remove<Reason>(reasons: Map<Reason, number>, reason: Reason): void {
  const count = reasons.get(reason) ?? 0
  if (count > 1) reasons.set(reason, count - 1)
  else reasons.delete(reason)
}
