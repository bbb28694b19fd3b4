import type { TransportSource } from '../contract/index.js'
import { createMemoryBroker, serverOf } from './memory-broker.js'
import { MemoryTransport } from './memory-transport.js'
import { optionsOf, resolveOptions, type MemoryOptions } from './options.js'

/** A transport whose broker lives in this process. Without a name or a broker it has one of its own, which outlives a restart of the bus. */
export function memory(options: MemoryOptions = {}): TransportSource {
  const resolved = resolveOptions(options)
  const broker = serverOf(resolved.broker ?? createMemoryBroker())
  return { create: () => new MemoryTransport(broker, resolved.capabilities) }
}

/** `memory:` is private to its bus; `memory:orders` and `memory://orders` name a broker that several buses of the process share; `{ kind: 'memory', … }` takes the options of `memory`. */
export function fromConfig(config: URL | object): TransportSource {
  return memory(optionsOf(config) as MemoryOptions)
}
