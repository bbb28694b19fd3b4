import { badOptions } from './errors.js'
import { createMemoryBroker, type MemoryBroker, type MemoryBrokerOptions } from './memory-broker.js'

const brokers = new Map<string, MemoryBroker>()

/** The broker of this name, which lives as long as the process: what `memory:<name>` connects to. Options count for whoever names it first. */
export function memoryBroker(name: string, options?: Omit<MemoryBrokerOptions, 'name'>): MemoryBroker {
  const existing = brokers.get(name)
  if (existing === undefined) {
    const broker = createMemoryBroker({ ...options, name })
    brokers.set(name, broker)
    return broker
  }
  if (options !== undefined && Object.keys(options).length > 0) {
    throw badOptions([{ what: `memoryBroker(${JSON.stringify(name)}) exists already and cannot take options`, fix: 'Pass them where it is named first.' }])
  }
  return existing
}
