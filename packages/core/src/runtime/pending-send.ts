import type { Outgoing } from '../contract/index.js'
import type { Deadline } from './deadlines.js'
import type { Purpose } from './instrumentation.js'

/** The transport's call that a message is in. */
export interface Call {
  readonly deadline: Deadline
  /** It was aborted and has not answered: nobody counts on it any more. */
  givenUp: boolean
  abort(reason: unknown): void
  /** The caller of one of its messages waits no longer. */
  leave(): void
}

export interface SendFacts {
  readonly outgoing: Outgoing
  readonly purpose: Purpose
  /** May use the room that is kept for the framework's own sends. */
  readonly framework: boolean
  /** Its time-out ends an attempt, not the send: it keeps its place until it is taken, refused for good, or given up by its signal. */
  readonly untilTaken: boolean
  readonly bytes: number
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** One message between its caller and the broker's answer. It settles once. */
export class PendingSend {
  readonly outgoing: Outgoing
  readonly purpose: Purpose
  readonly framework: boolean
  readonly untilTaken: boolean
  readonly bytes: number
  readonly timeoutMs: number
  deadline: Deadline
  readonly promise: Promise<void>
  /** Counts against the back-pressure. */
  admitted = false
  /** The call that it is in. */
  flight: Call | undefined = undefined
  /** Answers so far that did not confirm it, and why the last one did not. */
  failures = 0
  lastCause: unknown = undefined
  /** An attempt of it ended in `unknown`. */
  mayBeThere = false
  settled = false
  previous: PendingSend | undefined = undefined
  next: PendingSend | undefined = undefined
  /** Those that wait on the same signal of a caller. */
  readonly #siblings: Set<PendingSend> | undefined
  #resolve!: () => void
  #reject!: (error: unknown) => void

  constructor(facts: SendFacts, deadline: Deadline, siblings: Set<PendingSend> | undefined) {
    this.outgoing = facts.outgoing
    this.purpose = facts.purpose
    this.framework = facts.framework
    this.untilTaken = facts.untilTaken
    this.bytes = facts.bytes
    this.timeoutMs = facts.timeoutMs
    this.deadline = deadline
    this.#siblings = siblings
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    siblings?.add(this)
  }

  /** Whether its call is worth aborting when its caller leaves. For what the framework sends an own signal per call costs more than a call that goes on. */
  get cancelable(): boolean {
    return this.#siblings !== undefined && !this.untilTaken
  }

  /** A reply to a request whose time is over: nobody waits for it, so no further attempt is worth what it holds up. */
  isPointless(nowMs: number): boolean {
    return this.purpose === 'reply' && (this.outgoing.envelope.expiresAt ?? Number.POSITIVE_INFINITY) <= nowMs
  }

  confirm(): void {
    this.settled = true
    this.#siblings?.delete(this)
    this.#resolve()
  }

  fail(error: unknown): void {
    this.settled = true
    this.#siblings?.delete(this)
    this.#reject(error)
  }
}
