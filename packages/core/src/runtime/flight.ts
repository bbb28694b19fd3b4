import type { Outgoing } from '../contract/index.js'
import type { Deadline } from './deadlines.js'
import type { KeyLane } from './key-lane.js'
import type { Call, PendingSend } from './pending-send.js'

const nobodyWaits = new DOMException('Nobody waits for this call any more', 'AbortError')

/** One call of the transport's `send`. */
export class Flight implements Call {
  readonly sends: readonly PendingSend[]
  readonly messages: readonly Outgoing[]
  /** The keys that it occupies. */
  readonly lanes: readonly KeyLane[]
  /** The latest of its messages. */
  readonly deadline: Deadline
  givenUp = false
  /** Only where all callers may leave early; else the deadline's signal, which many calls share. */
  readonly #controller: AbortController | undefined
  #awaited: number

  constructor(sends: readonly PendingSend[], lanes: readonly KeyLane[]) {
    const first = sends[0] as PendingSend
    const messages = [first.outgoing]
    let { deadline, cancelable } = first
    for (let index = 1; index < sends.length; index += 1) {
      const send = sends[index] as PendingSend
      messages.push(send.outgoing)
      cancelable &&= send.cancelable
      if (send.deadline.atMs > deadline.atMs) deadline = send.deadline
    }
    this.sends = sends
    this.messages = messages
    this.lanes = lanes
    this.deadline = deadline
    this.#controller = cancelable ? new AbortController() : undefined
    this.#awaited = sends.length
    for (const send of sends) send.flight = this
  }

  get signal(): AbortSignal {
    return (this.#controller ?? this.deadline).signal
  }

  abort(reason: unknown): void {
    this.#controller?.abort(reason)
  }

  /** When nobody waits any more, the transport need not go on. */
  leave(): void {
    this.#awaited -= 1
    if (this.#awaited === 0) this.abort(nobodyWaits)
  }
}
