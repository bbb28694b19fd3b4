import type { Outgoing, Transport, TransportSource } from '../../src/contract/index.js'
import { memory, type MemoryBroker } from '../../src/memory/index.js'

/** The memory transport with smaller batches, and a list of the bodies of each call of `send`. */
export function counting(broker: MemoryBroker, batchCount: number): { readonly calls: string[][]; readonly source: TransportSource } {
  const calls: string[][] = []
  const limit = { messageBytes: 1_048_576, batchCount, batchBytes: 1_048_576 }
  const inner = memory({ broker, capabilities: { limits: { endpoint: limit, topic: limit } } })
  const create = (): Transport => {
    const transport = inner.create()
    const send = transport.send.bind(transport)
    transport.send = (messages: readonly Outgoing[], signal) => {
      calls.push(messages.map(({ envelope }) => Buffer.from(envelope.body ?? []).toString()))
      return send(messages, signal)
    }
    return transport
  }
  return { calls, source: { create } }
}
