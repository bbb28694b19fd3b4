import { handle } from '@waybill/core'
import { CancelOrder, GetOrder, PlaceOrder, gate, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const limitReached: Scenario = {
  id: 'CP-01',
  title: 'the concurrency of an endpoint is reached and never exceeded',
  group: 'CP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 20,
  async run(lab) {
    let running = 0
    let most = 0
    let done = 0
    const ends = gate()
    const bus = await lab.bus({
      concurrency: 10,
      handlers: [
        handle(CancelOrder, async () => {
          running += 1
          most = Math.max(most, running)
          await ends.opened
          await lab.turns(2)
          running -= 1
          done += 1
        }),
      ],
    })
    lab.note({ kind: 'saturated', endpoint: 'orders', instance: lab.instanceOf(bus) })
    await Promise.all(ids(20).map((id) => lab.send(bus, new CancelOrder({ id }))))
    await lab.until('ten run', () => running === 10)
    await lab.pass(lab.windowMs)
    lab.check('and no more than ten').equal(running, 10)
    ends.open()
    await lab.quiet()
    lab.check('there were never more').equal(most, 10)
    lab.check('all are done').equal(done, 20)
  },
}

export const limitOne: Scenario = {
  id: 'CP-02',
  title: 'with a concurrency of one no two handlers of the endpoint overlap',
  group: 'CP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 30,
  async run(lab) {
    let running = 0
    const beside: number[] = []
    const run = async (): Promise<void> => {
      beside.push(running)
      running += 1
      await lab.turns(2)
      running -= 1
    }
    const bus = await lab.bus({
      concurrency: 1,
      handlers: [handle(CancelOrder, run), handle(PlaceOrder, async ({ id }) => (await run(), { id, total: 0 }))],
    })
    await Promise.all(ids(15).flatMap((id) => [lab.send(bus, new CancelOrder({ id })), lab.send(bus, new PlaceOrder({ id }))]))
    await lab.quiet()
    lab.check('nothing ran beside another').equal(beside, Array<number>(30).fill(0))
  },
}

export const handlerLimit: Scenario = {
  id: 'CP-08',
  title: 'the limit of one handler holds inside the concurrency of its endpoint, and leaves the rest to the others',
  group: 'CP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 24,
  async run(lab) {
    let cancelling = 0
    let most = 0
    const shipped: string[] = []
    const ends = gate()
    const bus = await lab.bus({
      concurrency: 20,
      handlers: [
        handle(CancelOrder, { concurrency: 2 }, async () => {
          cancelling += 1
          most = Math.max(most, cancelling)
          await ends.opened
          cancelling -= 1
        }),
        handle(PlaceOrder, ({ id }) => (shipped.push(id), { id, total: 0 })),
      ],
    })
    for (const id of ids(12)) await lab.send(bus, new CancelOrder({ id }))
    for (const id of ids(12)) await lab.send(bus, new PlaceOrder({ id }))
    await lab.until('the others are done meanwhile', () => shipped.length === 12)
    ends.open()
    await lab.quiet()
    lab.check('its own limit was held').equal(most, 2)
  },
}

export const twoSubscriptions: Scenario = {
  id: 'CP-09',
  title: 'an endpoint that stands still does not slow another of the same bus',
  group: 'CP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 110,
  async run(lab) {
    const ends = gate()
    const done: string[] = []
    const bus = await lab.bus({
      routes: { 'orders.cancel': 'orders.slow' },
      handlers: [handle(PlaceOrder, ({ id }) => (done.push(id), { id, total: 0 }))],
      endpoints: { 'orders.slow': { concurrency: 2, handlers: [handle(CancelOrder, () => ends.opened)] } },
    })
    await Promise.all(ids(10).map((id) => lab.send(bus, new CancelOrder({ id }))))
    await lab.until('the slow endpoint is full', () => lab.seen('invoke').filter(({ endpoint }) => endpoint === 'orders.slow').length === 2)
    await Promise.all(ids(100).map((id) => lab.send(bus, new PlaceOrder({ id }))))
    await lab.until('the other endpoint handles all of its own', () => done.length === 100)
    ends.open()
    await lab.quiet()
  },
}

export const badConfiguration: Scenario = {
  id: 'CP-10',
  title: 'a concurrency that is no number of handlers is refused at start, by its path',
  group: 'CP',
  tier: 'T1',
  deliveries: 0,
  async run(lab) {
    for (const concurrency of [0, -1, Number.NaN, 1e9, 1.5]) {
      const error = await lab.rejection((async () => lab.start(lab.newBus({ concurrency, handlers: [handle(GetOrder, ({ id }) => ({ id, total: 0 }))] })))())
      lab.check(`${concurrency} is refused`).error(error, { code: 'WAYBILL_CONFIGURATION' })
      lab.check(`the error for ${concurrency} names the option`).matches(error instanceof Error ? error.message : '', 'concurrency')
    }
  },
}
