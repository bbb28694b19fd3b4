import { AsyncLocalStorage } from 'node:async_hooks'
import { Document, handle, type Middleware } from '@waybill/core'
import type { Candidate, Group } from '../candidate.js'
import { Counter } from '../counter.js'
import { deliveryOf } from '../delivery-of.js'
import { inwardBus } from '../inward-bus.js'

/** A document is read as it is: no JSON and no schema, so what is left is the pipeline. */
class Scan extends Document('bench.scan') {}

const delivery = deliveryOf({ type: 'bench.scan', kind: 'document', contentType: 'application/octet-stream', body: new Uint8Array(16) })

const aroundBareCall = 'AsyncLocalStorage.run around a bare call'
const settlement = 'message → settlement'
const layers = 10

const passes: Middleware = { name: 'passes', incoming: { message: (context, next) => next(context) } }
const awaits: Middleware = {
  name: 'awaits',
  incoming: {
    async message(context, next) {
      const ended = await next(context)
      return ended
    },
  },
}

/** What a delivery costs from the transport's call to its answer, and each middleware on the way. */
export async function pipelineGroup(): Promise<Group> {
  const whole = await settled(settlement, [], { kind: 'added', to: aroundBareCall, atMost: 500 })
  const passed = await settled(`… through ${layers} middlewares that return next(context)`, repeated(passes), {
    kind: 'added',
    to: settlement,
    atMost: 25,
    each: layers,
  })
  const awaited = await settled(`… through ${layers} middlewares that await it`, repeated(awaits), { kind: 'added', to: settlement, atMost: 90, each: layers })
  const buses = [whole, passed, awaited]
  return {
    candidates: [bareCall(), mapAndCall(), storageAndCall(), ...buses.map(({ candidate }) => candidate)],
    close: async () => void (await Promise.all(buses.map(({ stop }) => stop()))),
  }
}

function bareCall(): Candidate {
  const counter = new Counter()
  const handler = handlerOf(counter)
  const work = async (iterations: number): Promise<void> => {
    for (let index = 0; index < iterations; index += 1) await handler(delivery)
  }
  return { name: 'a bare call', run: (iterations) => counter.during(() => work(iterations)) }
}

function mapAndCall(): Candidate {
  const counter = new Counter()
  const handlers = new Map([['bench.scan', handlerOf(counter)]])
  const work = async (iterations: number): Promise<void> => {
    for (let index = 0; index < iterations; index += 1) await handlers.get(delivery.envelope?.type ?? '')?.(delivery)
  }
  return { name: 'a Map look-up and call', run: (iterations) => counter.during(() => work(iterations)) }
}

function storageAndCall(): Candidate {
  const counter = new Counter()
  const handler = handlerOf(counter)
  const storage = new AsyncLocalStorage<object>()
  const work = async (iterations: number): Promise<void> => {
    for (let index = 0; index < iterations; index += 1) await storage.run(delivery, handler, delivery)
  }
  return { name: aroundBareCall, run: (iterations) => counter.during(() => work(iterations)) }
}

async function settled(
  name: string,
  middleware: readonly Middleware[],
  target: NonNullable<Candidate['target']>,
): Promise<{ readonly candidate: Candidate; readonly stop: () => Promise<void> }> {
  const counter = new Counter()
  const { onDelivery, stop } = await inwardBus({ handlers: [handle(Scan, handlerOf(counter))], middleware })
  const work = async (iterations: number): Promise<void> => {
    for (let index = 0; index < iterations; index += 1) await onDelivery(delivery)
  }
  return { candidate: { name, target, run: (iterations) => counter.during(() => work(iterations)) }, stop }
}

const handlerOf =
  (counter: Counter): ((message: unknown) => Promise<void>) =>
  async () => {
    counter.handled += 1
  }

/** Each a value of its own: a pipeline has no two equal middlewares. */
const repeated = (middleware: Middleware): readonly Middleware[] =>
  Array.from({ length: layers }, (_, index) => ({ ...middleware, name: `${middleware.name} ${index + 1}` }))
