import type { Settlement } from '../context/index.js'
import type { Clock } from '../contract/index.js'
import { FailureGate, type Passage, type Shown } from './failure-gate.js'
import type { HandlerContext } from './handler-context.js'
import type { HandlerInit } from './handler-step.js'
import { turnOf } from './limit-turn.js'
import { Place, WaitingRoom } from './waiting-room.js'

class GatePlace extends Place {
  /** Of who is called while the gate is narrow. */
  passage: Passage | undefined
}

/** A failure gate and the line before it: calls the next one when it is due, and all when it opens. One timer. */
export class Gatekeeper {
  readonly #clock: Clock
  readonly #gate: FailureGate
  readonly #room: WaitingRoom
  readonly #line = new Set<GatePlace>()
  #timer: { cancel(): void } | undefined

  constructor(clock: Clock, init: { readonly failures: number; readonly waitMs: number }) {
    this.#clock = clock
    this.#gate = new FailureGate(init)
    this.#room = new WaitingRoom(clock)
  }

  get isNarrow(): boolean {
    return this.#gate.isNarrow
  }

  /** Rises with each change between wide and narrow. */
  get period(): number {
    return this.#gate.period
  }

  /** For who need not wait. `undefined`: he needs to. */
  pass(): Passage | undefined {
    if (this.#gate.isNarrow && this.#line.size > 0) return undefined
    return this.#gate.start(this.#clock.now())
  }

  /** Waits until it may start, or until it is settled without. */
  async enter(init: HandlerInit, context: HandlerContext): Promise<Passage | Settlement> {
    for (;;) {
      const passage = this.pass()
      if (passage !== undefined) return passage
      const place = new GatePlace()
      const passOn = (): void => {
        if (place.passage !== undefined) this.#gate.giveBack(place.passage)
      }
      const turn = turnOf(init, context, { room: this.#room, line: this.#line as Set<Place>, place, passOn })
      this.#call()
      const settlement = await turn
      if (settlement !== undefined) {
        this.#call()
        return settlement
      }
      if (place.passage !== undefined) return place.passage
    }
  }

  /** Nobody passes, and nobody waits. */
  get isIdle(): boolean {
    return this.#line.size === 0 && !this.#gate.isOccupied
  }

  widen(): void {
    this.#gate.widen(this.#clock.now())
    this.#call()
  }

  /** Each passage is ended once. */
  end(passage: Passage, shown: Shown): 'narrowed' | 'widened' | undefined {
    const change = this.#gate.end(passage, shown, this.#clock.now())
    if (this.#line.size > 0) this.#call()
    return change
  }

  #call(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    if (!this.#gate.isNarrow) {
      for (const place of this.#line) place.call()
      return
    }
    const { value: first } = this.#line.values().next()
    if (first === undefined) return
    const now = this.#clock.now()
    const passage = this.#gate.start(now)
    if (passage !== undefined) {
      first.passage = passage
      first.call()
    } else if (this.#gate.dueAt !== undefined) this.#timer = this.#clock.after(this.#gate.dueAt - now, () => this.#call())
  }
}

export const isSettlement = (entered: Passage | Settlement): entered is Settlement => 'outcome' in entered
