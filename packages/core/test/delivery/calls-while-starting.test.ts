import { describe, expect, it, vi } from 'vitest'
import { createBus, handle, type Bus } from '../../src/index.js'
import { memorySchedule } from '../../src/memory/index.js'
import { altered } from '../support/altered.js'
import { Find, Note, Placed, world, type World } from '../support/service.js'

/** One that needs so long to connect. */
function slowly(w: World, connectMs: number, found: string[]): Bus {
  const transport = altered(w.broker, (inner) => {
    const connect = inner.connect.bind(inner)
    inner.connect = async (host) => {
      await new Promise<void>((resolve) => void w.clock.after(connectMs, resolve))
      return connect(host)
    }
  })
  const find = handle(Find, ({ id }) => {
    found.push(id)
    return { id }
  })
  return createBus({ name: 'shop', clock: w.clock, transport, publishTimeout: '60s', handlers: [find], sends: [Placed] })
}

async function stop(w: World, bus: Bus): Promise<void> {
  const stopped = bus.stop()
  await w.clock.advance(60_000)
  await stopped
}

describe('a call made while the bus starts', () => {
  it('sends nothing when the time that a request has by default is over before the bus is there', async () => {
    const w = world()
    const found: string[] = []
    const bus = slowly(w, 40_000, found)
    const started = bus.start()
    const answer = bus.request(new Find({ id: '1' })).catch((error: unknown) => error)
    await w.clock.advance(41_000)
    await started
    expect(await answer).toMatchObject({ code: 'WAYBILL_START_TIMEOUT', message: expect.stringContaining('30000 ms') as unknown })
    expect(found).toEqual([])
    await stop(w, bus)
  })

  it('is refused for a signal that is none as it would be later', async () => {
    const w = world()
    const bus = slowly(w, 0, [])
    const started = bus.start()
    const signal = {} as AbortSignal
    const refused = [bus.publish(new Placed({ id: '1' }), { signal }), bus.request(new Find({ id: '1' }), { signal })].map((call) =>
      expect(call).rejects.toMatchObject({ code: 'WAYBILL_SEND_OPTION' }),
    )
    await Promise.all(refused)
    await w.clock.advance(0)
    await started
    await stop(w, bus)
  })
})

describe('a start that a stop has given up', () => {
  it('claims nothing from the schedule when the transport answers after all', async () => {
    const w = world()
    const transport = altered(
      w.broker,
      (inner) => {
        inner.subscribe = () =>
          new Promise((resolve) => void w.clock.after(100_000, () => resolve({ address: '', limit: () => Promise.resolve(), stop: () => Promise.resolve() })))
      },
      { delay: 'none' },
    )
    const schedule = memorySchedule()
    const claim = vi.spyOn(schedule, 'claim')
    const bus = createBus({ name: 'shop', clock: w.clock, transport, stores: { schedule }, stopTimeout: '1s', handlers: [handle(Note, () => undefined)] })
    const started = bus.start().catch((error: unknown) => error)
    await w.clock.advance(10)
    await stop(w, bus)
    expect(await started).toMatchObject({ code: 'WAYBILL_STOPPED' })
    await w.clock.advance(100_000)
    expect(claim).not.toHaveBeenCalled()
  })
})
