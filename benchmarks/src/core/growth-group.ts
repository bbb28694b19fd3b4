import { Command, handle, type FunctionHandler } from '@waybill/core'
import type { Delivery } from '@waybill/core/contract'
import { z } from 'zod'
import type { Candidate, Group } from '../candidate.js'
import { Counter } from '../counter.js'
import { deliveryOf } from '../delivery-of.js'
import { inwardBus } from '../inward-bus.js'
import { random } from '../random.js'

const few = 10
const many = 10_000

/** One of many types: its schema, its handler and a delivery of it. */
interface Registered {
  readonly type: string
  readonly schema: z.ZodType
  readonly handler: FunctionHandler
  readonly delivery: Delivery
}

interface Entry {
  readonly schema: z.ZodType
  readonly run: (message: unknown) => Promise<void>
}

/** What many registered types cost: the one that always comes, and all of them in a random order, read from JSON by their schemas. */
export async function growthGroup(seed: number, size: { readonly types: number } = { types: many }): Promise<Group> {
  const counter = new Counter()
  const registered = Array.from({ length: size.types }, (_, index) => register(index, counter))
  const [hot] = registered
  if (hot === undefined) throw new RangeError('At least one type')
  const small = await inwardBus({ handlers: registered.slice(0, few).map(({ handler }) => handler) })
  const large = await inwardBus({ handlers: registered.map(({ handler }) => handler) })
  const shuffled = shuffle(registered, random(seed))
  const entries = new Map<string, Entry>(registered.map(({ type, schema }) => [type, { schema, run: handlerOf(counter) }]))

  const hotType = (name: string, onDelivery: typeof small.onDelivery): Pick<Candidate, 'name' | 'run'> => ({
    name,
    run: (iterations) =>
      counter.during(async () => {
        for (let index = 0; index < iterations; index += 1) await onDelivery(hot.delivery)
      }),
  })
  const amongFew = `a hot type among ${few} registered`
  const bareMap = `random types, a bare Map of ${count(size.types)} schemas`
  return {
    candidates: [
      hotType(amongFew, small.onDelivery),
      { ...hotType(`a hot type among ${count(size.types)} registered`, large.onDelivery), target: { kind: 'ratio', of: amongFew, atMost: 1.25 } },
      { name: bareMap, run: (iterations) => counter.during(() => throughMap(shuffled, entries, iterations)) },
      {
        name: `random types among ${count(size.types)} registered`,
        target: { kind: 'ratio', of: bareMap, atMost: 1.5 },
        run: (iterations) =>
          counter.during(async () => {
            for (let index = 0; index < iterations; index += 1) await large.onDelivery((shuffled[index % shuffled.length] as Registered).delivery)
          }),
      },
    ],
    close: async () => void (await Promise.all([small.stop(), large.stop()])),
  }
}

/** What somebody without a framework would write: find the schema, parse, validate by the same interface of schemas, call. */
async function throughMap(shuffled: readonly Registered[], entries: ReadonlyMap<string, Entry>, iterations: number): Promise<void> {
  for (let index = 0; index < iterations; index += 1) {
    const { envelope } = (shuffled[index % shuffled.length] as Registered).delivery
    const entry = entries.get(envelope?.type ?? '')
    if (entry === undefined) continue
    const validated = entry.schema['~standard'].validate(JSON.parse(Buffer.from(envelope?.body ?? new Uint8Array()).toString('utf8')))
    if (validated instanceof Promise || validated.issues !== undefined) continue
    await entry.run(validated.value)
  }
}

function register(index: number, counter: Counter): Registered {
  const type = `bench.type-${index}`
  const schema = z.object({ orderId: z.string(), total: z.number() })
  const message = Command(type, schema)
  const body = Buffer.from(JSON.stringify({ orderId: `order-${index}`, total: index }))
  return { type, schema, handler: handle(message, handlerOf(counter)), delivery: deliveryOf({ type, kind: 'command', contentType: 'application/json', body }) }
}

const handlerOf =
  (counter: Counter): ((message: unknown) => Promise<void>) =>
  async () => {
    counter.handled += 1
  }

/** Fisher and Yates. */
function shuffle<T>(values: readonly T[], next: () => number): readonly T[] {
  const shuffled = [...values]
  for (let index = shuffled.length - 1; index > 0; index -= 1) {
    const other = Math.floor(next() * (index + 1))
    ;[shuffled[index], shuffled[other]] = [shuffled[other] as T, shuffled[index] as T]
  }
  return shuffled
}

const count = (value: number): string => value.toLocaleString('en-US')
