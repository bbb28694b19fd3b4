import type { Transport, TransportSource } from '../../src/contract/index.js'
import { memory, type MemoryBroker, type NarrowedCapabilities } from '../../src/memory/index.js'

/** The memory transport as `change` leaves it: for what a broker may do and this one never does. */
export function altered(broker: MemoryBroker, change: (transport: Transport) => void, capabilities: NarrowedCapabilities = {}): TransportSource {
  const source = memory({ broker, capabilities })
  return {
    create() {
      const transport = source.create()
      change(transport)
      return transport
    },
  }
}
