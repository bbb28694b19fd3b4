import type { Capabilities } from '@waybill/core/contract'
import { createMemoryBroker, memory, type MemoryBroker, type NarrowedCapabilities } from '@waybill/core/memory'
import { systemClock, virtualClock } from '@waybill/core/runtime'
import type { Doors, Harness, Place, PlaceTime, RawDestination } from '../harness/harness.js'
import { memoryFaults } from './memory-faults.js'
import { nativeHeaders, rawMessage } from './native.js'

/** The transport in memory on virtual time: a broker and a clock per scenario. */
export const memoryHarness: Harness = {
  name: 'memory',
  async create({ namespace }) {
    const clock = virtualClock()
    return memoryPlace(createMemoryBroker({ name: namespace, clock }), { time: 'virtual', clock })
  },
}

/** The same in the machine's time: what a scenario does must not depend on a clock that stands still. */
export const memoryInRealTime: Harness = {
  name: 'memory',
  create: async ({ namespace }) => memoryPlace(createMemoryBroker({ name: namespace, clock: systemClock }), { time: 'real', clock: systemClock }),
}

function memoryPlace(broker: MemoryBroker, time: PlaceTime): Place {
  return {
    ...time,
    transport: ({ capabilities = {} } = {}) => memory({ broker, capabilities: narrowed(capabilities) }),
    doors: memoryDoors(broker),
    faults: memoryFaults(broker),
    close: async () => broker.cut(),
  }
}

/** What the transport in memory can refuse by itself; of the rest the lab alone says that it is missing. */
function narrowed({ privateAddress, replies, delay, ordering, deliveryCount, limits, unroutable }: Partial<Capabilities>): NarrowedCapabilities {
  return {
    ...(privateAddress !== undefined && { privateAddress }),
    ...(replies !== undefined && replies !== 'shared' && { replies }),
    ...(delay !== undefined && { delay }),
    ...(ordering?.unit === 'none' && { ordering: 'none' }),
    ...(deliveryCount !== undefined && { deliveryCount }),
    ...(limits !== undefined && { limits }),
    ...(unroutable !== undefined && { unroutable }),
  }
}

function memoryDoors(broker: MemoryBroker): Doors {
  const hasEndpoint = (name: string): boolean => broker.entities().endpoints.some((endpoint) => endpoint.name === name)
  return {
    async publish(to: RawDestination, { body, envelope, native, notBefore }) {
      broker.publish(to, { body, headers: { ...(envelope && nativeHeaders(envelope)), ...native }, ...(notBefore !== undefined && { notBefore }) })
    },
    async read(endpoint) {
      const read = broker.read(endpoint)
      return read && rawMessage(read)
    },
    browse: async (endpoint) => broker.browse(endpoint).map(rawMessage),
    deadLetters: async (endpoint) => (hasEndpoint(`${endpoint}.dead-letter`) ? broker.deadLetters(endpoint).map(rawMessage) : []),
    depth: async (endpoint) => broker.depth(endpoint),
    async entities() {
      const { endpoints, topics } = broker.entities()
      return { endpoints: endpoints.map(({ name, topics: subscribed }) => ({ name, topics: subscribed })), topics: topics.map(({ name }) => name) }
    },
    remove: async (what) => broker.remove(what),
    consumerCount: async (endpoint) => broker.consumerCount(endpoint),
    connections: async () => broker.connections(),
  }
}
