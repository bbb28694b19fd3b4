import type { Destination, SizeLimits } from '../contract/index.js'
import { Fifo } from './fifo.js'
import { Flight } from './flight.js'
import { KeyLane } from './key-lane.js'
import { PendingSend } from './pending-send.js'

/** What leaves together: a message without key alone, those of a key in their order. */
export type Source = PendingSend | KeyLane

const noLanes: readonly KeyLane[] = []
/** The value of `KeyLane.call` of a lane that waits to be sent again. */
const waitsForAnother = -1

/** What goes to one destination. Messages without a key have no order and wait for none; a key is carried by one call at a time. */
export class SendQueue {
  readonly destination: Destination
  /** Whether it stands in line for the next calls. */
  isListed = false
  /** What may leave, oldest first. A lane in it that a call carries meanwhile is passed over, and comes back when the call ends. */
  readonly #ready = new Fifo<Source>()
  readonly #lanes = new Map<string, KeyLane>()
  #calls = 0
  #away = 0

  constructor(destination: Destination) {
    this.destination = destination
  }

  get isReady(): boolean {
    return this.#ready.length > 0
  }

  /** Nothing waits, is in a call, or is to be sent again. */
  get isIdle(): boolean {
    return this.#ready.length === 0 && this.#lanes.size === 0 && this.#away === 0
  }

  add(send: PendingSend): void {
    const { key } = send.outgoing.envelope
    if (key === undefined) return this.#ready.push(send)
    const lane = this.#laneOf(key)
    lane.waiting.push(send)
    if (lane.call === 0) this.#list(lane)
  }

  /** The call that carries it is given up, and has not ended: its key stays occupied, and it waits in front of the others. */
  addAgain(send: PendingSend): void {
    const { key } = send.outgoing.envelope
    if (key === undefined) this.#ready.unshift(send)
    else this.#laneOf(key).waiting.unshift(send)
  }

  /**
   * The next call, as full as the limits allow; one message of each key in turn, for brokers that take them apart by
   * key. A message that is larger than a batch goes alone.
   */
  take({ batchCount, batchBytes }: SizeLimits): Flight | undefined {
    const sends: PendingSend[] = []
    const call = (this.#calls += 1)
    let lanes: KeyLane[] | undefined
    let bytes = 0
    for (let source = this.#ready.peek(); source !== undefined; source = this.#ready.peek()) {
      const lane = source instanceof PendingSend ? undefined : source
      const send = source instanceof PendingSend ? source : this.#first(source, call)
      const leaves = send !== undefined && !send.settled
      if (leaves && sends.length > 0 && (sends.length >= batchCount || bytes + send.bytes > batchBytes)) break
      this.#ready.shift()
      if (leaves) {
        sends.push(send)
        bytes += send.bytes
      }
      if (lane !== undefined && this.#passed(lane, leaves ? call : 0)) (lanes ??= []).push(lane)
    }
    if (sends.length === 0) return undefined
    this.#away += 1
    return new Flight(sends, lanes ?? noLanes)
  }

  /** A call has ended and nothing of it is to be sent again. */
  land(flight: Flight): void {
    this.#away -= 1
    for (const lane of flight.lanes) this.#release(lane)
  }

  /** A call has ended, and `again` are to be sent again, in their place. Returns what has to wait before `resume`. */
  landAgain(flight: Flight, again: readonly PendingSend[]): readonly Source[] {
    const waits: Source[] = []
    // From the last: each goes in front of what has waited behind it.
    for (let index = again.length - 1; index >= 0; index -= 1) {
      const send = again[index] as PendingSend
      const { key } = send.outgoing.envelope
      const lane = key === undefined ? undefined : this.#lanes.get(key)
      if (lane === undefined) waits.push(send)
      else {
        lane.waiting.unshift(send)
        lane.call = waitsForAnother
      }
    }
    waits.reverse()
    for (const lane of flight.lanes) {
      if (lane.call === waitsForAnother) waits.push(lane)
      else this.#release(lane)
    }
    this.#away += waits.length - 1
    return waits
  }

  /** Its wait is over. */
  resume(source: Source): void {
    this.#away -= 1
    if (source instanceof PendingSend) this.#ready.push(source)
    else this.#release(source)
  }

  /** Drops those that have settled while they waited. */
  forget(): void {
    const wanted = (send: PendingSend): boolean => !send.settled
    for (const lane of this.#lanes.values()) lane.waiting.keep(wanted)
    this.#ready.keep((source) => !(source instanceof PendingSend) || !source.settled)
  }

  #laneOf(key: string): KeyLane {
    let lane = this.#lanes.get(key)
    if (lane === undefined) {
      lane = new KeyLane(key)
      this.#lanes.set(key, lane)
    }
    return lane
  }

  /** The first message of the lane that is not settled, unless another call carries the key. */
  #first(lane: KeyLane, call: number): PendingSend | undefined {
    if (lane.call !== 0 && lane.call !== call) return undefined
    while (lane.waiting.peek()?.settled === true) lane.waiting.shift()
    return lane.waiting.peek()
  }

  /** Its turn is over: its first message has left with `call`, or none has (0). Whether the call carries it since now. */
  #passed(lane: KeyLane, call: number): boolean {
    const isNew = lane.call === 0 && call !== 0
    lane.isListed = false
    if (call !== 0) {
      lane.waiting.shift()
      lane.call = call
      if (lane.waiting.length > 0) this.#list(lane)
    } else if (lane.call === 0) this.#lanes.delete(lane.key)
    return isNew
  }

  #list(lane: KeyLane): void {
    if (lane.isListed) return
    lane.isListed = true
    this.#ready.push(lane)
  }

  #release(lane: KeyLane): void {
    lane.call = 0
    if (lane.waiting.length > 0) this.#list(lane)
    else this.#lanes.delete(lane.key)
  }
}
