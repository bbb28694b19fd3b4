import { ByteSlab } from './byte-slab.js'
import type { Consumer } from './consumer.js'
import type { Queue } from './queue.js'

/** One connection of one bus, as the broker sees it. */
export class Link {
  readonly instanceId: string
  readonly onLost: (cause: unknown) => void
  readonly consumers = new Map<Consumer, Queue>()
  /** Where the bodies of this connection's deliveries are. */
  readonly bodies = new ByteSlab()
  /** Aborts when the connection is lost or closed; not when its process died. */
  readonly ended = new AbortController()

  constructor(instanceId: string, onLost: (cause: unknown) => void) {
    this.instanceId = instanceId
    this.onLost = onLost
  }
}

/** `lost`: the broker cut it; `crashed`: the process behind it is dead and does nothing more; `closed`: the bus closed it. */
export type LinkEnd = 'lost' | 'crashed' | 'closed'
