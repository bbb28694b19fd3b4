import type { PendingSend } from './pending-send.js'

/** The sends that wait, by the signal of their callers. One listener per signal: a handler's signal serves all that it sends, and adding a listener costs as much as a send. */
export class CallerSignals {
  readonly #sends = new WeakMap<AbortSignal, Set<PendingSend>>()
  readonly #aborted: (send: PendingSend, reason: unknown) => void

  constructor(aborted: (send: PendingSend, reason: unknown) => void) {
    this.#aborted = aborted
  }

  /** The set in which a send stands as long as it is to hear of the signal. */
  of(signal: AbortSignal): Set<PendingSend> {
    const known = this.#sends.get(signal)
    if (known !== undefined) return known
    const sends = new Set<PendingSend>()
    this.#sends.set(signal, sends)
    const abort = (): void => {
      for (const send of sends) this.#aborted(send, signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    return sends
  }
}
