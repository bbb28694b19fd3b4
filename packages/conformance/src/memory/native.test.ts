import { createBus, handle, type BusOptions, type FunctionHandler } from '@waybill/core'
import { createMemoryBroker, memory } from '@waybill/core/memory'
import { describe, expect, it } from 'vitest'
import { CancelOrder } from '../scenarios/messages.js'
import { nativeHeaders, rawMessage } from './native.js'

describe('the mapping of the side doors', () => {
  it('reads what the transport has written, field by field', async () => {
    const broker = createMemoryBroker()
    const bus = createBus({ name: 'caller', transport: memory({ broker, capabilities: { unroutable: 'detected' } }), sends: [CancelOrder] })
    const orders = createBus({
      name: 'orders',
      transport: memory({ broker }),
      handlers: [handle(CancelOrder, () => undefined)],
    } satisfies BusOptions<FunctionHandler>)
    await orders.start()
    await orders.stop()
    await bus.start()
    await bus.send(new CancelOrder({ id: 'o1' }), { id: 'm1', key: 'k', headers: { 'x-tag': 'blue', waybill: 'mine' } })
    const [native] = broker.browse('orders')
    if (native === undefined) throw new Error('nothing was sent')
    const raw = rawMessage(native)
    expect(raw.envelope).toMatchObject({
      id: 'm1',
      type: 'orders.cancel',
      version: 1,
      source: 'caller',
      kind: 'command',
      key: 'k',
      contentType: 'application/json',
    })
    expect({ ...raw.envelope.headers }).toEqual({ 'x-tag': 'blue', waybill: 'mine' })
    await bus.stop()
    expect(nativeHeaders(raw.envelope)).toEqual({ ...native.headers })
  })

  it('writes nothing for what is absent', () => {
    expect(nativeHeaders({})).toEqual({ ce_specversion: '1.0' })
  })
})
