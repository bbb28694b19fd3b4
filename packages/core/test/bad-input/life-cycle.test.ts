import { describe, expect, it } from 'vitest'
import { createBus, handle, on, type Bus } from '../../src/index.js'
import { createMemoryBroker, memory } from '../../src/memory/index.js'
import { virtualClock } from '../../src/runtime/index.js'
import { gate, Note, Place, Placed, world } from '../support/service.js'

function make(
  broker = createMemoryBroker(),
  handlers = [handle(Note, () => undefined), handle(Place, () => ({ total: 1 })), on(Placed, { id: 'billing' }, () => undefined)],
): Bus {
  return createBus({ name: 'shop', transport: memory({ broker }), handlers })
}

const calls: readonly { readonly verb: string; readonly call: (bus: Bus) => Promise<unknown> }[] = [
  { verb: 'send', call: (bus) => bus.send(new Note({ id: '1' })) },
  { verb: 'publish', call: (bus) => bus.publish(new Placed({ id: '1' })) },
  { verb: 'request', call: (bus) => bus.request(new Place({ id: '1' })) },
]

describe('start', () => {
  it('twice at once connects and subscribes once', async () => {
    const broker = createMemoryBroker()
    const bus = make(broker)
    await Promise.all([bus.start(), bus.start()])
    await bus.start()
    expect(broker.connections()).toHaveLength(1)
    expect(broker.consumerCount('shop')).toBe(1)
    expect(bus.health().status).toBe('ok')
    await bus.stop()
    expect(broker.connections()).toEqual([])
  })

  it('after stop makes it work again', async () => {
    const broker = createMemoryBroker()
    const bus = make(broker)
    await bus.start()
    await bus.stop()
    await bus.start()
    await expect(bus.request(new Place({ id: '1' }))).resolves.toEqual({ total: 1 })
    expect(broker.consumerCount('shop')).toBe(1)
    await bus.stop()
  })

  it('while it stops waits for the end and starts anew', async () => {
    const broker = createMemoryBroker()
    const bus = make(broker)
    await bus.start()
    const [first] = broker.connections()
    await Promise.all([bus.stop(), bus.start()])
    expect(broker.connections()).toHaveLength(1)
    expect(broker.connections()).not.toEqual([first])
    await bus.stop()
  })

  it('that has failed may be tried again, and both callers of one start see the failure', async () => {
    const broker = createMemoryBroker()
    const bus = make(broker)
    const end = broker.failConnections({ retryable: false, times: 1 })
    const failures = await Promise.allSettled([bus.start(), bus.start()])
    end()
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(bus.send(new Note({ id: '1' }))).rejects.toMatchObject({ code: 'WAYBILL_NOT_STARTED' })
    await bus.start()
    expect(bus.health().status).toBe('ok')
    await bus.stop()
  })
})

describe('stop', () => {
  it('twice, also at once, resolves with the same', async () => {
    const bus = make()
    await bus.start()
    const [one, two] = await Promise.all([bus.stop(), bus.stop()])
    expect(one).toEqual({ unfinished: [] })
    expect(two).toEqual(one)
    expect(await bus.stop()).toEqual({ unfinished: [] })
    expect(bus.health().status).toBe('stopped')
  })

  it('before start resolves, and nothing was opened', async () => {
    const broker = createMemoryBroker()
    const bus = make(broker)
    await expect(bus.stop()).resolves.toEqual({ unfinished: [] })
    expect(broker.entities().endpoints).toEqual([])
  })

  it('while it starts waits for the start and closes it', async () => {
    const broker = createMemoryBroker()
    const bus = make(broker)
    const started = bus.start()
    await bus.stop()
    await started
    expect(broker.connections()).toEqual([])
  })

  it('names the handlers that did not end, and their messages go back', async () => {
    const clock = virtualClock()
    const broker = createMemoryBroker({ clock })
    const { opened, open } = gate()
    const bus = createBus({ name: 'shop', clock, stopTimeout: '5s', transport: memory({ broker }), handlers: [handle(Note, () => opened)] })
    await bus.start()
    await bus.send(new Note({ id: '1' }), { id: 'the-message' })
    await clock.settle()
    const stopping = [bus.stop(), bus.stop()]
    await clock.advance(5_000)
    for (const stopped of await Promise.all(stopping))
      expect(stopped).toEqual({ unfinished: [{ endpoint: 'shop', handler: 'shop.note', messageId: 'the-message' }] })
    expect(broker.depth('shop')).toEqual({ ready: 1, unsettled: 0, delayed: 0 })
    open()
  })
})

describe.each(calls)('$verb', ({ call }) => {
  it('before start is an error at once that says what to do', async () => {
    await expect(call(make())).rejects.toMatchObject({
      name: 'NotStartedError',
      code: 'WAYBILL_NOT_STARTED',
      message: 'The bus "shop" is not started. Call start() first; calls made while it starts wait for it (WAYBILL_NOT_STARTED)',
    })
  })

  it('while it starts waits for it', async () => {
    const bus = make()
    const started = bus.start()
    await call(bus)
    await started
    await bus.stop()
  })

  it('after stop is an error at once that says what to do', async () => {
    const bus = make()
    await bus.start()
    await bus.stop()
    await expect(call(bus)).rejects.toMatchObject({
      name: 'StoppedError',
      code: 'WAYBILL_STOPPED',
      message: 'The bus "shop" is stopped, and nothing was sent. Send before stop(), or start it again (WAYBILL_STOPPED)',
    })
  })

  it('while it stops is an error at once, and nothing is sent', async () => {
    const { clock, bus, seen } = world()
    const { opened, open } = gate()
    const started = await bus({ handlers: [handle(Note, () => opened), handle(Place, () => ({ total: 1 })), on(Placed, { id: 'billing' }, () => undefined)] })
    await started.send(new Note({ id: '1' }))
    await clock.settle()
    const sends = seen('send')
    const stopped = started.stop()
    await expect(call(started)).rejects.toMatchObject({ code: 'WAYBILL_STOPPED' })
    open()
    await stopped
    expect(sends).toEqual([])
  })
})

describe('a logger that throws', () => {
  it('loses and repeats nothing, and is told of once', async () => {
    const { clock, broker, bus } = world()
    const warnings: string[] = []
    const hear = (warning: Error): void => void warnings.push(warning.message)
    process.on('warning', hear)
    const broken = (): never => {
      throw new Error('disk full')
    }
    let runs = 0
    const started = await bus({
      logger: { trace: broken, debug: broken, info: broken, warn: broken, error: broken },
      retry: { immediate: 2, delayed: [] },
      handlers: [handle(Note, () => ((runs += 1), Promise.reject(new Error('no'))))],
    })
    await started.send(new Note({ id: '1' }))
    await clock.settle()
    process.off('warning', hear)
    expect(runs).toBe(3)
    expect(broker.deadLetters()).toHaveLength(1)
    expect(warnings).toEqual([expect.stringMatching(/disk full.*Mend the logger; the bus goes on/)])
  })
})
