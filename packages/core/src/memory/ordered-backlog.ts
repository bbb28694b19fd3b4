import type { Backlog } from './backlog.js'
import { LinkedList } from './linked-list.js'
import { Lane, putBack, type LaneOwner, type Stored } from './stored.js'

/**
 * One lane per key. A key stays with one consumer while that has unsettled messages of it; lanes that can deliver take
 * turns, so that no key starves another. Lanes without messages are forgotten: the size is that of the keys in use.
 */
export class OrderedBacklog implements Backlog {
  readonly #lanes = new Map<string, Lane>()
  /** Lanes that anybody may have. */
  readonly #free = new LinkedList<Lane>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(stored: Stored): void {
    const lane = this.#laneOf(stored)
    stored.lane = lane
    lane.ready.append(stored)
    this.#size += 1
    this.#queueUp(lane)
  }

  take(consumer: LaneOwner): Stored | undefined {
    const lane = longestWaiting(consumer.lanes.first, this.#free.first)
    const stored = lane?.ready.shift()
    if (lane === undefined || stored === undefined) return undefined
    this.#size -= 1
    lane.unsettled += 1
    lane.owner = consumer
    leave(lane)
    this.#queueUp(lane)
    return stored
  }

  settled(stored: Stored): void {
    if (stored.lane !== undefined) this.#back(stored.lane)
  }

  restore(stored: Stored): void {
    const lane = stored.lane
    if (lane === undefined) return
    putBack(lane.ready, stored)
    this.#size += 1
    lane.returning = true
    this.#back(lane)
  }

  *[Symbol.iterator](): Iterator<Stored> {
    const all: Stored[] = []
    for (const lane of this.#lanes.values()) all.push(...lane.ready)
    for (const lane of this.#free) if (lane.key === undefined) all.push(...lane.ready)
    yield* all.toSorted((a, b) => a.position - b.position)
  }

  /** A message without key has no order: it is alone in its lane. */
  #laneOf(stored: Stored): Lane {
    const key = stored.message.key
    if (key === undefined) return new Lane(undefined)
    let lane = this.#lanes.get(key)
    if (lane === undefined) this.#lanes.set(key, (lane = new Lane(key)))
    return lane
  }

  #back(lane: Lane): void {
    lane.unsettled -= 1
    if (lane.unsettled === 0) {
      lane.owner = undefined
      lane.returning = false
      if (lane.ready.size === 0 && lane.key !== undefined) this.#lanes.delete(lane.key)
    }
    this.#queueUp(lane)
  }

  #queueUp(lane: Lane): void {
    const turn = lane.ready.size === 0 || lane.returning ? undefined : lane.owner === undefined ? this.#free : lane.owner.lanes
    if (turn === lane.turn) return
    leave(lane)
    lane.turn = turn
    turn?.append(lane)
  }
}

function leave(lane: Lane): void {
  lane.turn?.remove(lane)
  lane.turn = undefined
}

/** Between a key of its own and a free one a consumer takes the older message, so that a busy key does not keep the others out. */
function longestWaiting(own: Lane | undefined, free: Lane | undefined): Lane | undefined {
  if (own === undefined || free === undefined) return own ?? free
  return placeOf(own) < placeOf(free) ? own : free
}

const placeOf = (lane: Lane): number => lane.ready.first?.position ?? Infinity
