import type { Outgoing } from '../contract/index.js'

interface InFlight {
  readonly signal: AbortSignal
  count: number
}

/** What ends the sends of claimed rows: when one goes back, those behind it of the same key go back with it. Else they would leave before it. */
export class SendSignals {
  readonly #inFlight = new Map<string, InFlight>()

  /** `ended` is that of its claim. `leave` when it is sent or not. */
  enter({ destination, envelope }: Outgoing, ended: AbortSignal): { readonly signal: AbortSignal; leave(): void } {
    if (envelope.key === undefined) return { signal: ended, leave: nothing }
    const to = destination.kind === 'address' ? destination.address : destination.name
    const lane = JSON.stringify([destination.kind, to, envelope.key])
    const before = this.#inFlight.get(lane)
    const signal = before === undefined || before.signal === ended ? ended : AbortSignal.any([before.signal, ended])
    const inFlight = before?.signal === signal ? before : { signal, count: 0 }
    inFlight.count += 1
    this.#inFlight.set(lane, inFlight)
    return {
      signal,
      leave: () => {
        inFlight.count -= 1
        if (inFlight.count === 0 && this.#inFlight.get(lane) === inFlight) this.#inFlight.delete(lane)
      },
    }
  }
}

const nothing = (): void => undefined
