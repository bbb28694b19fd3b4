import type { InboxClaim } from '../contract/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { claimLost } from './claim-lost.js'
import type { HandlerContext } from './handler-context.js'

/** A claim while its handler runs and its messages leave. */
export interface HeldClaim {
  readonly state: 'claimed'
  readonly claim: InboxClaim
  readonly context: HandlerContext
  /** Another one has the row. */
  isLost: boolean
}

/** The claims of one endpoint that are held, and what keeps them: one timer for all, and only for a store whose claims run out. */
export class HeldClaims {
  readonly #scope: BusScope
  readonly #leaseMs: number
  readonly #held = new Set<HeldClaim>()
  #ticks = false

  constructor(scope: BusScope, leaseMs: number) {
    this.#scope = scope
    this.#leaseMs = leaseMs
  }

  hold(claim: InboxClaim, context: HandlerContext): HeldClaim {
    const held: HeldClaim = { state: 'claimed', claim, context, isLost: false }
    if (claim.renew !== undefined) {
      this.#held.add(held)
      if (!this.#ticks) this.#tick()
    }
    return held
  }

  drop(held: HeldClaim): void {
    this.#held.delete(held)
  }

  /** The row goes back. A handler that nobody waits for any more may still run: the row goes back when it has ended, at the latest after a lease, and nobody else runs it before. */
  async giveBack(held: HeldClaim): Promise<void> {
    this.drop(held)
    const { run } = held.context
    if (run === undefined) return this.#release(held)
    const release = (): void => {
      timer.cancel()
      void this.#release(held)
    }
    const timer = this.#scope.clock.after(this.#leaseMs, release)
    run.then(release, release)
  }

  /** A store that cannot be reached has it back when the lease, or the connection, is over. */
  async #release({ claim, context }: HeldClaim): Promise<void> {
    try {
      await claim.release()
    } catch (error) {
      const { id, type, handler } = context
      this.#scope.logger.debug({ messageId: id, type, handler, error: String(error) }, `The inbox could not take back ${handler}'s claim of ${type}`)
    }
  }

  #tick(): void {
    this.#ticks = true
    this.#scope.clock.after(this.#leaseMs / 3, () => {
      if (this.#scope.crashed) return
      this.#ticks = false
      for (const held of this.#held) {
        // Whose lock is lost is another one's, as soon as the lease is over.
        if (held.context.received.delivery.lost.aborted) this.#held.delete(held)
        else void this.#renew(held)
      }
      if (this.#held.size > 0) this.#tick()
    })
  }

  async #renew(held: HeldClaim): Promise<void> {
    try {
      if ((await held.claim.renew?.()) !== 'lost' || !this.#held.delete(held)) return
      held.isLost = true
      held.context.abort(claimLost)
    } catch {
      // Tried again at the next tick; what becomes of the row, `complete` will say.
    }
  }
}
