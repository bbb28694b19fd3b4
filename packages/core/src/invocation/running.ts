import { HandlerTimeoutError } from '../errors/index.js'
import type { Clock } from '../contract/index.js'
import { AbandonedError } from './abandoned-error.js'
import type { HandlerContext } from './handler-context.js'

/** The handlers that run in one endpoint: their deadlines (one timer for all), and what ends them when the lock is lost or the bus stops. */
export class Running {
  readonly #clock: Clock
  // Linked through the contexts themselves: a Set costs as much as two more steps of the pipeline.
  #first: HandlerContext | undefined
  #last: HandlerContext | undefined
  readonly #watched = new WeakSet<AbortSignal>()
  #timer: { cancel(): void } | undefined
  #timerDue = Number.POSITIVE_INFINITY
  #isOver = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  *[Symbol.iterator](): Generator<HandlerContext> {
    for (let context = this.#first; context !== undefined; context = context.nextRunning) yield context
  }

  /** Throws `AbandonedError` for what must not start any more: it has waited, for a middleware or for its handler's own limit, and meanwhile its lock was lost or the stop's deadline was over. May be entered again, for a deadline inside of the first: the nearer one holds. */
  enter(context: HandlerContext, timeoutMs: number): void {
    const { lost } = context.received.delivery
    if (lost.aborted || this.#isOver) throw new AbandonedError(lost.aborted ? 'lock-lost' : 'stopping')
    if (context.timeoutMs === undefined) this.#link(context)
    else context.outerDeadline = { atMs: context.deadlineAt, timeoutMs: context.timeoutMs, outer: context.outerDeadline }
    context.timeoutMs ??= timeoutMs
    if (timeoutMs !== Number.POSITIVE_INFINITY) this.#tighten(context, timeoutMs)
    if (!this.#watched.has(lost)) this.#watch(lost)
  }

  #link(context: HandlerContext): void {
    context.previousRunning = this.#last
    if (this.#last === undefined) this.#first = context
    else this.#last.nextRunning = context
    this.#last = context
  }

  #tighten(context: HandlerContext, timeoutMs: number): void {
    const atMs = this.#clock.now() + timeoutMs
    if (atMs >= context.deadlineAt) return
    context.deadlineAt = atMs
    context.timeoutMs = timeoutMs
    if (atMs < this.#timerDue) this.#arm(atMs)
  }

  /** Ends what `enter` has begun. */
  leave(context: HandlerContext): void {
    const { outerDeadline: outer } = context
    if (outer === undefined) return this.#unlink(context)
    context.deadlineAt = outer.atMs
    context.timeoutMs = outer.timeoutMs
    context.outerDeadline = outer.outer
  }

  #unlink(context: HandlerContext): void {
    const { previousRunning: previous, nextRunning: next } = context
    if (previous === undefined) this.#first = next
    else previous.nextRunning = next
    if (next === undefined) this.#last = previous
    else next.previousRunning = previous
    // A step may run it once more.
    context.previousRunning = undefined
    context.nextRunning = undefined
    context.timeoutMs = undefined
    context.deadlineAt = Number.POSITIVE_INFINITY
  }

  /** Aborts what runs and ends the wait for it. What was done is not undone; its delivery goes back. */
  abandonAll(): void {
    this.#isOver = true
    for (const context of this) abandon(context, new AbandonedError('stopping'))
  }

  /** Nothing runs here any more. */
  close(): void {
    this.#timer?.cancel()
  }

  /** One listener for each lock, not for each delivery. */
  #watch(lost: AbortSignal): void {
    this.#watched.add(lost)
    lost.addEventListener(
      'abort',
      () => {
        for (const context of this) if (context.received.delivery.lost === lost) abandon(context, new AbandonedError('lock-lost'))
      },
      { once: true },
    )
  }

  #arm(due: number): void {
    this.#timer?.cancel()
    this.#timerDue = due
    this.#timer = this.#clock.after(due - this.#clock.now(), () => this.#sweep())
  }

  #sweep(): void {
    this.#timer = undefined
    this.#timerDue = Number.POSITIVE_INFINITY
    const now = this.#clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const context of this) {
      if (context.timedOut !== undefined) continue
      if (context.deadlineAt > now) next = Math.min(next, context.deadlineAt)
      else {
        context.timedOut = new HandlerTimeoutError(context.bound.id, context.timeoutMs ?? 0)
        context.abort(context.timedOut)
      }
    }
    if (next !== Number.POSITIVE_INFINITY) this.#arm(next)
  }
}

function abandon(context: HandlerContext, reason: AbandonedError): void {
  context.abort(reason)
  context.abandon?.(reason)
}
