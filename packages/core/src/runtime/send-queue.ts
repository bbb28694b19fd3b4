import type { Destination, SizeLimits } from '../contract/index.js'
import { Fifo } from './fifo.js'
import { Flight } from './flight.js'
import type { KeyLane } from './key-lane.js'
import type { PendingSend } from './pending-send.js'

const noLanes: readonly KeyLane[] = []

/** What goes to one destination. Messages without a key have no order and wait for none; a key is sent by one call at a time. */
export class SendQueue {
  readonly destination: Destination
  /** Whether it stands in line for the next calls. */
  isListed = false
  /** What may leave now, oldest first. A lane that is in a call, or waits to be sent again, is not in it. */
  readonly #ready = new Fifo<PendingSend | KeyLane>()
  readonly #lanes = new Map<string, KeyLane>()
  #away = 0

  constructor(destination: Destination) {
    this.destination = destination
  }

  get isReady(): boolean {
    return this.#ready.length > 0
  }

  /** Nothing waits, flies, or is to be sent again. */
  get isIdle(): boolean {
    return this.#ready.length === 0 && this.#lanes.size === 0 && this.#away === 0
  }

  add(send: PendingSend): void {
    const { key } = send.outgoing.envelope
    if (key === undefined) return this.#ready.push(send)
    const lane = this.#lanes.get(key)
    if (lane === undefined) this.#open(key, send)
    else lane.waiting.push(send)
  }

  /** The next call, as full as the limits allow. A message that is larger than a batch goes alone. */
  take(limits: SizeLimits): Flight | undefined {
    const sends: PendingSend[] = []
    let lanes: KeyLane[] | undefined
    let bytes = 0
    const fits = (send: PendingSend): boolean => sends.length === 0 || (sends.length < limits.batchCount && bytes + send.bytes <= limits.batchBytes)
    const board = (send: PendingSend): void => {
      sends.push(send)
      bytes += send.bytes
    }
    for (let source = this.#ready.peek(); source !== undefined; source = this.#ready.peek()) {
      if ('waiting' in source) {
        const before = sends.length
        for (let send = source.waiting.peek(); send !== undefined && (send.settled || fits(send)); send = source.waiting.peek()) {
          source.waiting.shift()
          if (!send.settled) board(send)
        }
        if (sends.length > before) (lanes ??= []).push(source)
        else if (source.waiting.length > 0) break
        else this.#lanes.delete(source.key)
      } else if (!source.settled) {
        if (!fits(source)) break
        board(source)
      }
      this.#ready.shift()
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
  landAgain(flight: Flight, again: readonly PendingSend[]): readonly (PendingSend | KeyLane)[] {
    const keys = new Set<string>()
    const waits: (PendingSend | KeyLane)[] = []
    // From the last: each goes in front of what has waited behind it.
    for (let index = again.length - 1; index >= 0; index -= 1) {
      const send = again[index] as PendingSend
      const { key } = send.outgoing.envelope
      if (key === undefined) waits.unshift(send)
      else {
        this.#lanes.get(key)?.waiting.unshift(send)
        keys.add(key)
      }
    }
    for (const lane of flight.lanes) {
      if (keys.has(lane.key)) waits.push(lane)
      else this.#release(lane)
    }
    this.#away += waits.length - 1
    return waits
  }

  /** Back from its wait. */
  resume(source: PendingSend | KeyLane): void {
    this.#away -= 1
    this.#ready.push(source)
  }

  /** Drops those that have settled while they waited. */
  forget(): void {
    const wanted = (send: PendingSend): boolean => !send.settled
    for (const lane of this.#lanes.values()) lane.waiting.keep(wanted)
    this.#ready.keep((source) => 'waiting' in source || !source.settled)
  }

  #release(lane: KeyLane): void {
    if (lane.waiting.length > 0) this.#ready.push(lane)
    else this.#lanes.delete(lane.key)
  }

  #open(key: string, send: PendingSend): void {
    const lane: KeyLane = { key, waiting: new Fifo() }
    lane.waiting.push(send)
    this.#lanes.set(key, lane)
    this.#ready.push(lane)
  }
}
