import type { Clock, Envelope, InboxClaim, InboxDone, InboxRequest } from '../contract/index.js'

/** What a row names, as a side door shows it. */
export interface InboxRowView {
  readonly endpoint: string
  readonly handler: string
  readonly source: string
  readonly id: string
  readonly state: 'claimed' | 'done'
  readonly reply: Envelope | undefined
}

interface Waiting {
  readonly request: InboxRequest
  readonly resolve: (answer: InboxClaim | InboxDone) => void
}

/** What the rows of an inbox tell it. */
export interface InboxRowHost {
  readonly clock: Clock
  done(row: InboxRow): void
  /** Nobody has it and nobody waits. */
  free(row: InboxRow): void
}

/** One handler's work on one message: who holds it, or that it is done. */
export class InboxRow {
  readonly key: string
  readonly request: InboxRequest
  #done: InboxDone | undefined
  #holder: Claim | undefined
  #leaseEndsAt = 0
  #timer: { cancel(): void } | undefined
  readonly #waiting = new Set<Waiting>()
  readonly #host: InboxRowHost

  constructor(key: string, request: InboxRequest, host: InboxRowHost) {
    this.key = key
    this.request = request
    this.#host = host
  }

  get done(): InboxDone | undefined {
    return this.#done
  }
  /** Whether somebody's claim holds. One that nobody has renewed is free to be taken over. */
  get held(): boolean {
    return this.#holder !== undefined && this.#host.clock.now() < this.#leaseEndsAt
  }
  get view(): InboxRowView {
    const { endpoint, handler, source, id } = this.request
    return { endpoint, handler, source, id, state: this.#done === undefined ? 'claimed' : 'done', reply: this.#done?.reply }
  }

  take(request: InboxRequest): InboxClaim {
    this.#holder = new Claim(this, request.leaseMs)
    this.#lease(request.leaseMs)
    return this.#holder
  }

  wait(request: InboxRequest, signal: AbortSignal): Promise<InboxClaim | InboxDone> {
    signal.throwIfAborted()
    if (this.#done !== undefined) return Promise.resolve(this.#done)
    // Free since the answer was given, and dropped: this is its row again.
    if (!this.held) return Promise.resolve(this.take(request))
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(waiting)
        this.#watch()
        reject(signal.reason as Error)
      }
      const waiting: Waiting = {
        request,
        resolve: (answer) => {
          signal.removeEventListener('abort', end)
          resolve(answer)
        },
      }
      signal.addEventListener('abort', end, { once: true })
      this.#waiting.add(waiting)
      this.#watch()
    })
  }

  complete(claim: Claim, reply: Envelope | undefined): 'done' | 'lost' {
    if (this.#holder !== claim) return 'lost'
    if (this.#done !== undefined) return 'done'
    this.#done = reply === undefined ? { state: 'done' } : { state: 'done', reply }
    this.#timer?.cancel()
    this.#host.done(this)
    for (const { resolve } of this.#waiting) resolve(this.#done)
    this.#waiting.clear()
    return 'done'
  }

  release(claim: Claim): void {
    if (this.#holder === claim && this.#done === undefined) this.#handOn()
  }

  renew(claim: Claim, leaseMs: number): 'held' | 'lost' {
    if (this.#holder !== claim) return 'lost'
    this.#lease(leaseMs)
    return 'held'
  }

  #lease(ms: number): void {
    this.#leaseEndsAt = this.#host.clock.now() + ms
    this.#watch()
  }

  /** A timer only where somebody waits for the lease to end. */
  #watch(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    if (this.#waiting.size > 0) this.#timer = this.#host.clock.after(this.#leaseEndsAt - this.#host.clock.now(), () => this.#handOn())
  }

  #handOn(): void {
    this.#timer?.cancel()
    this.#holder = undefined
    const [next] = this.#waiting
    if (next === undefined) return this.#host.free(this)
    this.#waiting.delete(next)
    next.resolve(this.take(next.request))
  }
}

class Claim implements InboxClaim {
  readonly state = 'claimed'
  readonly #row: InboxRow
  readonly #leaseMs: number

  constructor(row: InboxRow, leaseMs: number) {
    this.#row = row
    this.#leaseMs = leaseMs
  }

  complete({ reply }: { readonly reply?: Envelope }): Promise<'done' | 'lost'> {
    return Promise.resolve(this.#row.complete(this, reply))
  }
  release(): Promise<void> {
    this.#row.release(this)
    return Promise.resolve()
  }
  renew(): Promise<'held' | 'lost'> {
    return Promise.resolve(this.#row.renew(this, this.#leaseMs))
  }
}
