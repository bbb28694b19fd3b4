import type { Browsed, Destination, Inspect } from '../contract/index.js'
import type { Broker } from './broker.js'
import { toEnvelope, toOriginal } from './envelope-mapping.js'
import { notSupported, unroutable } from './errors.js'
import { messagesOf } from './messages-of.js'
import type { Queue } from './queue.js'
import type { NativeMessage } from './stored.js'

/** Looks into the broker and leaves everything as it is. */
export function inspect(broker: Broker): Inspect {
  return {
    depth: async (of) => queueOf(broker, of).depth,
    async *browse(of, { limit, signal }) {
      let left = limit
      for (const { stored } of messagesOf(broker, queueOf(broker, of))) {
        if (left <= 0) return
        signal.throwIfAborted()
        left -= 1
        yield browsed(stored.message)
      }
    },
  }
}

function queueOf(broker: Broker, of: Destination): Queue {
  if (of.kind === 'topic') throw notSupported('depth of a topic', 'ask for the endpoints that subscribe to it')
  const [queue] = broker.entities.route(of)?.queues ?? []
  if (queue === undefined) throw unroutable(of)
  return queue
}

function browsed(message: NativeMessage): Browsed {
  const copy = (): Uint8Array | null => (message.body === null ? null : new Uint8Array(message.body))
  return { envelope: toEnvelope(message.headers, copy()), original: toOriginal(message, copy()), nativeId: message.nativeId }
}
