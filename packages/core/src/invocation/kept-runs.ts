import type { HandlerContext, Received } from './handler-context.js'

/** One handler's work on one delivery, which has failed in a way that may not be its message's fault. */
export interface KeptRun {
  readonly handler: string
  failures: number
  /** Those before which others had begun and succeeded since the failure before: they may be its own. */
  ownFailures: number
  /** How many runs had begun by its last failure. */
  begun: number
  /** The outage in which it was last tried. */
  triedIn: number | undefined
}

/** What a circuit remembers of deliveries, for as long as they are here. */
export class KeptRuns {
  readonly #runs = new WeakMap<Received, KeptRun>()

  of({ received, handler }: HandlerContext): KeptRun | undefined {
    const run = this.#runs.get(received)
    return run?.handler === handler ? run : undefined
  }

  /** `begun`: how many runs have begun by now; `succeeded`: the latest to begin of those that have succeeded. */
  failed(context: HandlerContext, { begun, succeeded }: { readonly begun: number; readonly succeeded: number }): KeptRun {
    let run = this.of(context)
    if (run === undefined) {
      run = { handler: context.handler, failures: 0, ownFailures: 0, begun, triedIn: undefined }
      this.#runs.set(context.received, run)
    }
    run.failures += 1
    // What had begun before it failed may have had its answer before the dependency went down.
    if (succeeded > run.begun) run.ownFailures += 1
    run.begun = begun
    return run
  }
}
