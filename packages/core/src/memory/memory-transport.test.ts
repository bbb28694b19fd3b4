import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  endpointNamed,
  memoryHarness,
  outgoing,
  read,
  toEndpoint,
  unaborted,
  crash,
  type Held,
  type OpenTransport,
  type Reader,
} from '../../test/memory-harness.js'
import { fullCapabilities } from './capabilities.js'

test('has the capabilities of a broker in this process', async () => {
  const { transport } = await memoryHarness().open()
  expect(transport.name).toBe('memory')
  expect(transport.capabilities).toEqual(fullCapabilities)
})

type Step =
  | { readonly do: 'send'; readonly key: string }
  | { readonly do: 'accept'; readonly pick: number }
  | { readonly do: 'release' | 'cut' | 'crash' | 'pause' | 'leave'; readonly bus: number }

const index = fc.nat({ max: 2 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), key: fc.constantFrom('k', 'l', 'm') }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('accept' as const), pick: fc.nat({ max: 20 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('release' as const, 'cut' as const, 'pause' as const), bus: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'leave' as const), bus: index }) },
)

interface Bus {
  readonly opened: OpenTransport
  readonly reader: Reader
  /** Delivered and not answered, in order: what core's lanes of this bus hold. */
  open: Held[]
  seen: number
  paused: boolean
}

/** Three buses, each with the lanes that core has: it answers a key from its head on, and gives a key back from a place on. */
class Run {
  readonly harness = memoryHarness()
  readonly endpoint = endpointNamed('orders', { ordered: { shards: 4 } })
  readonly buses: Bus[] = []
  /** The texts per key that were accepted, in order. */
  readonly accepted = new Map<string, number[]>()
  readonly sent = new Map<string, number>()
  readonly problems: string[] = []

  async start(): Promise<void> {
    for (let bus = 0; bus < 3; bus += 1) this.buses.push(await this.join())
  }

  async join(): Promise<Bus> {
    const opened = await this.harness.open()
    await opened.transport.provision({ endpoints: [this.endpoint], topics: [] }, 'create')
    return { opened, reader: await read(opened.transport, this.endpoint, 4), open: [], seen: 0, paused: false }
  }

  async take(action: Step): Promise<void> {
    switch (action.do) {
      case 'send': {
        const next = (this.sent.get(action.key) ?? 0) + 1
        this.sent.set(action.key, next)
        await this.harness
          .open()
          .then(({ transport }) =>
            transport.send([outgoing(toEndpoint('orders', true), String(next), { envelope: { key: action.key } })], unaborted).then(() => transport.close()),
          )
        break
      }
      case 'accept':
        this.#acceptOne(action.pick)
        break
      case 'release':
        this.#release(action.bus)
        break
      case 'cut': {
        const bus = this.buses[action.bus]
        if (bus !== undefined) {
          this.harness.broker.cut(bus.opened.instanceId)
          bus.open = []
          await this.harness.clock.advance(100)
        }
        break
      }
      case 'pause': {
        const bus = this.buses[action.bus]
        if (bus !== undefined) {
          bus.paused = !bus.paused
          await bus.reader.subscription.limit(bus.paused ? 0 : 4)
        }
        break
      }
      case 'crash':
      case 'leave': {
        const bus = this.buses[action.bus]
        if (bus === undefined) break
        if (action.do === 'crash') crash(bus.opened.instanceId)
        else await bus.opened.transport.close()
        this.buses[action.bus] = await this.join()
        break
      }
    }
    await this.harness.clock.settle()
    this.check()
  }

  /** The head of one of the lanes ends well. */
  #acceptOne(pick: number): void {
    const heads = this.buses.flatMap((bus) =>
      bus.open.filter((held, place) => bus.open.findIndex(({ key }) => key === held.key) === place).map((held) => ({ bus, held })),
    )
    const head = heads[pick % Math.max(1, heads.length)]
    if (head === undefined) return
    const { bus, held } = head
    bus.open.splice(bus.open.indexOf(held), 1)
    const key = held.key ?? ''
    this.accepted.set(key, [...(this.accepted.get(key) ?? []), Number(held.text)])
    held.settle('accepted')
  }

  /** What a stopping bus does: everything that has not run goes back, in whatever order. */
  #release(of: number): void {
    const bus = this.buses[of]
    if (bus === undefined) return
    const released = bus.open
    bus.open = []
    for (const held of released.toReversed()) held.settle('released')
  }

  check(): void {
    for (const bus of this.buses) {
      bus.open.push(...bus.reader.held.slice(bus.seen))
      bus.seen = bus.reader.held.length
      if (bus.open.length > 4) this.problems.push(`${bus.open.length} are unsettled at once`)
    }
    for (const key of this.sent.keys()) {
      const holders = this.buses.filter(({ open }) => open.some((held) => held.key === key))
      if (holders.length > 1) this.problems.push(`${key} is at ${holders.length} consumers`)
      const open = holders.flatMap((bus) => bus.open.filter((held) => held.key === key).map(({ text }) => Number(text)))
      const done = this.accepted.get(key)?.length ?? 0
      if (open.some((number, place) => number !== done + place + 1)) this.problems.push(`${key}: ${open.join(' ')} are out after ${done}`)
    }
  }

  async drain(): Promise<void> {
    for (const bus of this.buses) {
      bus.paused = false
      await bus.reader.subscription.limit(4)
    }
    await this.harness.clock.settle()
    this.check()
    while (this.buses.some(({ open }) => open.length > 0)) await this.take({ do: 'accept', pick: 0 })
  }
}

test('keeps order per key with three consumers, whatever is released, cut, crashed, paused and closed, and loses nothing', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const run = new Run()
      await run.start()
      for (const action of steps) await run.take(action)
      await run.drain()
      expect(run.problems).toEqual([])
      for (const [key, count] of run.sent) expect(run.accepted.get(key) ?? []).toEqual(Array.from({ length: count }, (_, place) => place + 1))
      expect(run.harness.broker.depth('orders')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
    }),
    { numRuns: 300 },
  )
})

test('loses and repeats nothing of an unordered endpoint that is not lost, whatever is released and cut', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('send', 'accept', 'release', 'cut'), { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (steps, prefetch) => {
        const { open, broker, clock } = memoryHarness()
        const orders = endpointNamed('orders')
        const { transport } = await open()
        await transport.provision({ endpoints: [orders], topics: [] }, 'create')
        const { held } = await read(transport, orders, prefetch)
        let sent = 0
        let answered = 0
        const accepted: number[] = []
        for (const action of [...steps, ...Array.from({ length: 60 }, () => 'accept')]) {
          const head = held[answered]
          if (action === 'send') await transport.send([outgoing(toEndpoint('orders'), String((sent += 1)))], unaborted)
          else if (action === 'cut') {
            broker.cut()
            answered = held.length
            await clock.advance(100)
          } else if (head !== undefined) {
            answered += 1
            if (action === 'accept') accepted.push(Number(head.text))
            head.settle(action === 'accept' ? 'accepted' : 'released')
          }
          await clock.settle()
          expect(held.length - answered).toBeLessThanOrEqual(prefetch)
        }
        expect(accepted.toSorted((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, place) => place + 1))
      },
    ),
    { numRuns: 100 },
  )
})
