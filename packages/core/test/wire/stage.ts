import { onTestFinished } from 'vitest'
import { createBus, type Bus, type BusOptions, type FunctionHandler } from '../../src/index.js'
import type { Destination, Outgoing } from '../../src/contract/index.js'
import { createMemoryBroker, memory, type MemoryBroker, type NarrowedCapabilities, type RawMessage } from '../../src/memory/index.js'
import { observe, virtualClock, type VirtualClock } from '../../src/runtime/index.js'
import { fakeHost } from '../memory-harness.js'
import { recordingLogger } from '../support/service.js'

/** What was sent, and what the broker has of it. */
export interface Taken {
  readonly outgoing: Outgoing
  readonly raw: RawMessage
}

/** A broker with the endpoints `orders`, `audit` and `caller`, whose names are in addresses; fixed time; nobody reads unless a scenario starts a bus that does. */
export interface Stage {
  readonly clock: VirtualClock
  readonly broker: MemoryBroker
  readonly callerAddress: string
  bus(
    options: { readonly name?: string; readonly capabilities?: NarrowedCapabilities; readonly handlers?: readonly FunctionHandler[] } & Partial<
      Pick<BusOptions, 'sends' | 'retry'>
    >,
  ): Promise<Bus>
  /** The newest message of an endpoint. */
  newest(endpoint: string): Taken
}

function reaches(destination: Destination, endpoint: string): boolean {
  switch (destination.kind) {
    case 'endpoint':
      return destination.name === endpoint
    case 'address':
      return destination.address.endsWith(`/${endpoint}`)
    case 'topic':
      return endpoint === 'audit'
  }
}

export async function stage(): Promise<Stage> {
  const clock = virtualClock()
  const broker = createMemoryBroker({ name: 'golden', clock })
  const sent: Outgoing[] = []
  onTestFinished(observe('send', ({ outgoing }) => void sent.push(outgoing)))
  const transport = memory({ broker }).create()
  await transport.connect(fakeHost(clock, 'stage').host)
  const life = { name: 'orders.life', ordered: false }
  const endpoints = [
    { name: 'orders', topics: [], life: 'durable', ordered: false },
    { name: 'audit', topics: [life], life: 'durable', ordered: false },
    { name: 'caller', topics: [], life: 'durable', ordered: false },
  ] as const
  await transport.provision({ endpoints, topics: [life] }, 'create')
  onTestFinished(() => transport.close())
  return {
    clock,
    broker,
    callerAddress: 'memory://golden/caller',
    async bus({ name = 'shop', capabilities = {}, ...options }) {
      const bus = createBus({
        name,
        clock,
        transport: memory({ broker, capabilities }),
        logger: recordingLogger([]),
        ...options,
      } as BusOptions<FunctionHandler>)
      await bus.start()
      onTestFinished(async () => {
        await bus.stop()
      })
      return bus
    },
    newest(endpoint) {
      const raw = broker.browse(endpoint).at(-1)
      const outgoing = sent.findLast(({ destination }) => reaches(destination, endpoint))
      if (raw === undefined || outgoing === undefined) throw new Error(`Nothing lies in ${endpoint}`)
      return { outgoing, raw }
    },
  }
}
