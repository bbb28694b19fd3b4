import { createBus, handle } from '@waybill/core'
import type { Transport, TransportSource } from '@waybill/core/contract'
import { createMemoryBroker, memory } from '@waybill/core/memory'
import { crashAt, virtualClock } from '@waybill/core/runtime'
import { describe, expect, it } from 'vitest'
import { CancelOrder } from '../scenarios/messages.js'
import { mortal } from './mortal-transport.js'

/** A transport that knows nothing of crashes: its connection outlives the bus. */
const unaware = (source: TransportSource): TransportSource => ({
  create() {
    const transport = source.create()
    const connect: Transport['connect'] = (host) => transport.connect({ ...host, instanceId: `outlives ${host.instanceId}` })
    return new Proxy(transport, {
      get(target, name) {
        if (name === 'connect') return connect
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
  },
})

async function crashed(around: (source: TransportSource) => TransportSource): Promise<{ readonly connections: number; readonly again: readonly string[] }> {
  const clock = virtualClock()
  const broker = createMemoryBroker({ clock })
  const again: string[] = []
  const bus = (transport: TransportSource, seen: string[]) =>
    createBus({ name: 'orders', clock, transport, handlers: [handle(CancelOrder, ({ id }) => void seen.push(id))] })
  const victim = bus(around(unaware(memory({ broker }))), [])
  await victim.start()
  const { reached } = crashAt('after-handler')
  void victim.send(new CancelOrder({ id: 'o1' }))
  await reached
  await clock.settle()
  const heir = bus(memory({ broker }), again)
  await heir.start()
  await clock.advance(1_000)
  const connections = broker.connections().length
  await heir.stop()
  return { connections, again }
}

describe('a transport that dies with its bus', () => {
  it('ends its connection, and another bus gets what it held', async () => {
    expect(await crashed(mortal)).toEqual({ connections: 1, again: ['o1'] })
  })

  it('is needed: without it the connection goes on, and the message is held for ever', async () => {
    expect(await crashed((source) => source)).toEqual({ connections: 2, again: [] })
  })
})
