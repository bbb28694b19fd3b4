import '../../src/bus/engine.js'
import fc from 'fast-check'
import { z } from 'zod'
import type { Delivery, Subscription } from '../../src/contract/index.js'
import { Command, createBus, handle } from '../../src/index.js'
import { createMemoryBroker, type MemoryBroker } from '../../src/memory/index.js'
import { virtualClock, type VirtualClock } from '../../src/runtime/index.js'
import { altered } from '../support/altered.js'
import { native } from '../support/native.js'
import { property as propertyOver } from '../support/property.js'

const fields = z.object({ id: z.string(), key: z.string() })
class Step extends Command('flow.step', fields, { key: 'key', ordered: true }) {}
class Job extends Command('shop.job', fields) {}

interface Scheduled {
  readonly key: string
  readonly atMs: number
  readonly ms: number
  /** Runs that throw before one is well; from the fourth on it is a dead letter. */
  readonly throws: number
}

interface Schedule {
  readonly ordered: boolean
  readonly concurrency: number
  /** With the lock of one minute it decides over the prefetch: as many as run at once, or twice as many. */
  readonly timeout: '30s' | '10s'
  readonly messages: readonly Scheduled[]
  /** What is asked of the subscription from outside; 0 is a pause. */
  readonly limits: readonly { readonly atMs: number; readonly prefetch: number }[]
}

const schedules = fc.record<Schedule>({
  ordered: fc.constantFrom(true, true, true, false),
  concurrency: fc.integer({ min: 1, max: 4 }),
  timeout: fc.constantFrom('30s', '10s'),
  messages: fc.array(
    fc.record<Scheduled>({
      key: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
      atMs: fc.constantFrom(0, 0, 0, 300, 900),
      ms: fc.constantFrom(0, 100, 100, 400, 1_000),
      throws: fc.constantFrom(0, 0, 0, 0, 1, 2, 3, 4),
    }),
    { minLength: 1, maxLength: 16 },
  ),
  limits: fc.array(fc.record({ atMs: fc.nat({ max: 30 }).map((step) => step * 100), prefetch: fc.integer({ min: 0, max: 5 }) }), { maxLength: 2 }),
})

/** A delivery that is held, as the handler and the transport see it. */
interface Held {
  readonly key: string
  readonly nativeId: string
  running: boolean
  /** Between two attempts, with its key and without a place. */
  resting: boolean
  /** Has run for the last time; the broker has yet to hear of it. */
  done: boolean
}

/** A second account of an endpoint, from its deliveries and its handlers. */
class Account {
  readonly wrong: string[] = []
  readonly held: Held[] = []
  readonly ended: string[] = []
  most = 0
  unsettled = 0
  readonly #schedule: Schedule
  readonly #broker: MemoryBroker
  readonly #clock: VirtualClock
  readonly #endpoint: string
  #prefetch = 0

  constructor(schedule: Schedule, broker: MemoryBroker, clock: VirtualClock) {
    this.#schedule = schedule
    this.#broker = broker
    this.#clock = clock
    this.#endpoint = schedule.ordered ? 'flow' : 'shop'
  }

  limited(prefetch: number): void {
    this.#prefetch = prefetch
  }

  delivered({ envelope, nativeId }: Delivery): Held {
    const one = { key: envelope?.key ?? '', nativeId: nativeId ?? '', running: false, resting: false, done: false }
    this.held.push(one)
    const { unsettled } = this.#broker.depth(this.#endpoint)
    this.unsettled = Math.max(this.unsettled, unsettled)
    if (unsettled > this.#prefetch) this.#note(`${unsettled} unsettled, the prefetch is ${this.#prefetch}`)
    return one
  }

  answered(one: Held): void {
    this.held.splice(this.held.indexOf(one), 1)
  }

  begins(one: Held): void {
    const { ordered, concurrency } = this.#schedule
    const [head] = this.held.filter(({ key, done }) => key === one.key && !done)
    if (ordered && head !== one) this.#note(`the key ${one.key} runs beside its head, or before it`)
    one.running = true
    one.resting = false
    const running = this.held.filter((each) => each.running).length
    this.most = Math.max(this.most, running)
    if (running > concurrency) this.#note(`${running} run in ${concurrency} places`)
  }

  /** When nothing moves: who could run does, as far as there are places. */
  settled(): void {
    const { ordered, concurrency } = this.#schedule
    const running = this.held.filter((each) => each.running).length
    const heads = ordered ? [...new Set(this.held.map(({ key }) => key))].map((key) => this.held.find((each) => each.key === key)) : this.held
    const could = heads.filter((head) => head?.resting === false).length
    if (running < Math.min(concurrency, could)) this.#note(`${running} run, ${could} could in ${concurrency} places`)
  }

  #note(what: string): void {
    this.wrong.push(`at ${this.#clock.now()} ms: ${what}`)
  }
}

async function play(
  schedule: Schedule,
): Promise<{ readonly account: Account; readonly broker: MemoryBroker; readonly prefetch: number; readonly left: readonly number[] }> {
  const { ordered, concurrency, timeout, messages, limits } = schedule
  const clock = virtualClock(0)
  const broker = createMemoryBroker({ clock })
  const account = new Account(schedule, broker, clock)
  const endpoint = ordered ? 'flow' : 'shop'
  const heldById = new Map<string, Held>()
  const failures = new Map<string, number>()
  let subscription: Subscription | undefined
  let prefetch = 0
  const transport = altered(broker, (inner) => {
    Object.defineProperty(inner, 'capabilities', { value: { ...inner.capabilities, lockMs: 60_000 } })
    const subscribe = inner.subscribe.bind(inner)
    inner.subscribe = async (at, onDelivery, options) => {
      prefetch = options.prefetch
      account.limited(prefetch)
      subscription = await subscribe(
        at,
        async (delivery) => {
          const one = account.delivered(delivery)
          heldById.set(delivery.envelope?.id ?? '', one)
          const disposition = await onDelivery(delivery)
          account.answered(one)
          return disposition
        },
        options,
      )
      return subscription
    }
  })
  const run = async ({ id }: { readonly id: string }): Promise<void> => {
    const one = heldById.get(id) as Held
    const { ms, throws } = messages[Number(id)] as Scheduled
    account.begins(one)
    if (ms > 0) await new Promise<void>((resolve) => void clock.after(ms, resolve))
    one.running = false
    const count = failures.get(id) ?? 0
    failures.set(id, count + 1)
    one.done = count === throws || count === 3
    if (one.done) account.ended.push(id)
    if (count === throws) return
    // Twice at once, then after a while, twice again: where order is kept it waits in its place.
    one.resting = count === 1 && ordered
    throw new Error('again')
  }
  const options = { retry: { immediate: 1, delayed: ['1s'] } } as const
  const handlers = [ordered ? handle(Step, options, run) : handle(Job, options, run)]
  const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }
  const bus = createBus({ name: endpoint, transport, handlers, concurrency, handlerTimeout: timeout, clock, logger: silent })
  await bus.start()
  const limit = (to: number): void => {
    account.limited(to)
    void subscription?.limit(to)
  }
  for (let now = 0; now <= 3_000; now += 100) {
    messages.forEach(({ key, atMs }, index) => {
      if (atMs !== now) return
      const headers = native(ordered ? 'flow.step' : 'shop.job', { ce_id: String(index), ce_partitionkey: key })
      broker.publish({ endpoint }, { headers, body: JSON.stringify({ id: String(index), key }) })
    })
    for (const { atMs, prefetch: to } of limits) if (atMs === now) limit(to)
    await clock.settle()
    account.settled()
    await clock.advance(100)
  }
  limit(prefetch)
  await clock.advance(messages.length * 6_000)
  const [{ running, waiting } = { running: -1, waiting: -1 }] = bus.health().endpoints
  const { ready, unsettled, delayed } = broker.depth(endpoint)
  await bus.stop()
  return { account, broker, prefetch, left: [running, waiting, ready, unsettled, delayed] }
}

/** The same of a whole endpoint, from the native queue to the handler: and never more is unsettled than the prefetch says. */
export const property = propertyOver('endpoint', schedules, async (schedule) => {
  const { account, prefetch, left } = await play(schedule)
  const { ordered, concurrency, timeout, messages, limits } = schedule
  const wrong = account.wrong.slice(0, 3)
  const expected = timeout === '30s' ? concurrency : 2 * concurrency
  if (prefetch !== expected) wrong.push(`the prefetch is ${prefetch}, expected ${expected}`)
  if (left.some((count) => count > 0)) wrong.push(`left at the end: ${left.join(', ')} running, waiting, ready, unsettled, delayed`)
  const inOrder = messages.map(({ key, atMs }, index) => ({ key, atMs, id: String(index) })).toSorted((a, b) => a.atMs - b.atMs)
  for (const each of ordered ? new Set(messages.map(({ key }) => key)) : []) {
    const sent = inOrder.filter(({ key }) => key === each).map(({ id }) => id)
    const ended = account.ended.filter((id) => sent.includes(id))
    if (sent.join(' ') !== ended.join(' ')) wrong.push(`the key ${each} was sent ${sent.join(' ')} and ended ${ended.join(' ')}`)
  }
  if (account.ended.length !== messages.length) wrong.push(`${account.ended.length} of ${messages.length} messages have ended`)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return [
    ordered ? 'ordered' : 'unordered',
    ...(limits.some((each) => each.prefetch === 0) ? ['paused'] : []),
    ...(messages.some(({ throws }) => throws > 1) ? ['waited in its place'] : []),
    ...(messages.some(({ throws }) => throws > 3) ? ['dead letter'] : []),
    ...(account.most === concurrency ? ['all places used'] : []),
    ...(account.unsettled === prefetch ? ['prefetch full'] : []),
  ]
})
