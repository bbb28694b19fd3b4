import { Command, createBus, handle } from '@waybill/core'
import { z } from 'zod'
import type { Candidate, Group } from '../candidate.js'
import { Counter } from '../counter.js'

const Line = z.object({ sku: z.string(), quantity: z.int().min(1), price: z.number() })
class PlaceOrder extends Command('bench.place-order', z.object({ orderId: z.uuid(), customer: z.string(), lines: z.array(Line).min(1) })) {}

const order = new PlaceOrder({
  orderId: '0193a5b2-7c1e-4000-8000-000000000001',
  customer: 'Ada Lovelace',
  lines: [
    { sku: 'engine-part-17', quantity: 2, price: 12.5 },
    { sku: 'punched-card', quantity: 400, price: 0.02 },
  ],
})

const inFlight = 100

/** The whole way: validated, serialized, through the guard and the memory broker as bytes, parsed, validated, handled. */
export async function memoryGroup(): Promise<Group> {
  const counter = new Counter()
  let whenHandled: (() => void) | undefined
  const bus = createBus({
    name: 'bench',
    transport: 'memory:',
    concurrency: inFlight,
    handlers: [
      handle(PlaceOrder, async () => {
        counter.handled += 1
        whenHandled?.()
      }),
    ],
  })
  await bus.start()

  /** Sends so many at once; resolves when all of them are handled. */
  const sendAndWait = async (count: number): Promise<void> => {
    const last = counter.handled + count
    const handled = new Promise<void>((resolve) => {
      whenHandled = () => {
        if (counter.handled === last) resolve()
      }
    })
    const sends: Promise<void>[] = []
    for (let index = 0; index < count; index += 1) sends.push(bus.send(order))
    await Promise.all(sends)
    await handled
  }
  const candidate = (name: string, atOnce: number): Candidate => ({
    name,
    run: (iterations) =>
      counter.during(async () => {
        for (let rest = iterations; rest > 0; rest -= atOnce) await sendAndWait(Math.min(atOnce, rest))
      }),
  })
  return {
    candidates: [candidate('send → handled on memory, one at a time', 1), candidate(`send → handled on memory, ${inFlight} in flight`, inFlight)],
    close: async () => void (await bus.stop()),
  }
}
