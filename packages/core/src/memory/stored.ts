import { LinkedList, type Linked } from './linked-list.js'

/** A message as the broker keeps it: never changed, never handed out, shared by the queues that have a copy. */
export interface NativeMessage {
  readonly nativeId: string
  readonly body: Uint8Array | null
  /** Names and values by turns. */
  readonly headers: readonly string[]
  /** The ordering key. */
  readonly key: string | undefined
}

/** One message in one queue, from its arrival until it is accepted. */
export class Stored implements Linked<Stored> {
  readonly message: NativeMessage
  readonly via: 'address' | 'topic'
  /** Its place in the queue, kept over every return. */
  position = 0
  /** How often it came back in a way that counts. */
  returns = 0
  /** Of an ordered queue. */
  lane: Lane | undefined
  previous: Stored | undefined
  next: Stored | undefined

  constructor(message: NativeMessage, via: 'address' | 'topic') {
    this.message = message
    this.via = via
  }
}

/** The messages of one key in an ordered queue. */
export class Lane implements Linked<Lane> {
  /** `undefined`: of a message that has no key, and so no order. */
  readonly key: string | undefined
  readonly ready = new LinkedList<Stored>()
  /** Who has unsettled messages of this key, and so gets the next ones too. */
  owner: LaneOwner | undefined
  unsettled = 0
  /** One has come back while later ones are still out: nothing leaves until all are settled, so none passes it. */
  returning = false
  /** Where it waits for its turn, when something of it can be delivered. */
  turn: LinkedList<Lane> | undefined
  previous: Lane | undefined
  next: Lane | undefined

  constructor(key: string | undefined) {
    this.key = key
  }
}

export interface LaneOwner {
  /** Keys that are bound to this owner and have more to deliver. */
  readonly lanes: LinkedList<Lane>
}

/** Puts a message back in its old place. What comes back is older than nearly all that waits, so the search begins at the front. */
export function putBack(list: LinkedList<Stored>, stored: Stored): void {
  let before = list.first
  while (before !== undefined && before.position < stored.position) before = before.next
  list.insert(stored, before)
}
