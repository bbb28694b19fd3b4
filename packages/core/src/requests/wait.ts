import type { Clock } from '../contract/index.js'
import { SendAbortedError } from '../errors/index.js'
import { abortReason } from '../runtime/abort-reason.js'

/** Of all that wait for an answer. */
export const defaultTimeout = '30s'

/** The waits that have not ended. */
export type OpenWaits = Set<{ reject(error: unknown): void }>

/** How long a call waits, and what ends it sooner. */
export interface WaitLimits {
  readonly clock: Clock
  readonly open: OpenWaits
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** The wait of one call for what answers it. Ends exactly once, and leaves neither a timer nor a listener. */
export abstract class Wait<T> {
  readonly ended: Promise<T>
  readonly endsAtMs: number
  readonly #end: Pick<PromiseWithResolvers<T>, 'resolve' | 'reject'>
  readonly #open: OpenWaits
  readonly #timer: { cancel(): void }
  readonly #endSignal: (() => void) | undefined
  #isOver = false

  constructor({ clock, open, timeoutMs, signal }: WaitLimits) {
    const end = Promise.withResolvers<T>()
    this.ended = end.promise
    this.#end = end
    this.#open = open
    open.add(this)
    this.endsAtMs = clock.now() + timeoutMs
    this.#timer = clock.after(timeoutMs, () => this.late())
    if (signal === undefined) return
    const abort = (): void => this.reject(abortReason(signal))
    signal.addEventListener('abort', abort, { once: true })
    this.#endSignal = () => signal.removeEventListener('abort', abort)
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Throws `SendAbortedError` where its caller has given up: what has not left, and was said not to have left, leaves no more. */
  mustBeOpen(type: string): void {
    if (this.#isOver) throw new SendAbortedError(type)
  }

  resolve(value: T): void {
    if (this.#over()) this.#end.resolve(value)
  }

  reject(error: unknown): void {
    if (this.#over()) this.#end.reject(error instanceof Error ? error : new Error(String(error)))
  }

  /** The time is over: resolves or rejects. */
  protected abstract late(): void
  /** Takes what belongs to it out of where it waits. */
  protected abstract leave(): void

  #over(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    this.#open.delete(this)
    this.#timer.cancel()
    this.#endSignal?.()
    this.leave()
    return true
  }
}

/** Before anything begins. */
export function mustNotBeAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortReason(signal)
}
