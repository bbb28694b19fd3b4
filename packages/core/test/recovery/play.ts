// A bus loads what runs it at its first start.
import '../../src/bus/engine.js'
import type { AnyBusOptions } from '../../src/bus/bus-options.js'
import type { InboxStore } from '../../src/contract/index.js'
import { createBus, type Bus } from '../../src/index.js'
import { createMemoryBroker, type MemoryBroker, type NarrowedCapabilities } from '../../src/memory/index.js'
import { standardPipeline } from '../../src/middleware.js'
import { virtualClock } from '../../src/runtime/index.js'
import { native } from '../support/native.js'
import { BrokerWatch, isDone } from './broker-watch.js'
import { provideFar } from './far.js'
import type { Schedule } from './schedule.js'
import { Service } from './service.js'
import { endpointOf, handlersFor, handlersOf, typeOf, Work, type Life, type ShopState } from './shop.js'
import { Trouble } from './trouble.js'
import { TroubledInbox } from './troubled-inbox.js'

/** What a schedule came to. */
export interface Played {
  readonly works: readonly Work[]
  readonly watch: BrokerWatch
  readonly broker: MemoryBroker
  /** What has happened, for the count. */
  readonly happened: readonly string[]
  /** Something from outside has cut a run short, or made two copies of one: a handler that was done may run again. */
  readonly mayRepeat: boolean
  /** Whose row said that it was done when it was not. */
  readonly markedEarly: readonly string[]
}

const brokers: Record<Schedule['broker'], NarrowedCapabilities> = {
  whole: {},
  'short delays': { delay: { maxMs: 700, resolutionMs: 1 } },
  'counts nothing': { deliveryCount: 'none' },
  'counts releases': { deliveryCount: 'all' },
}
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

/** Plays a schedule to its end on virtual time: the trouble, then a calm in which everything that is left is handled. */
export async function play(schedule: Schedule): Promise<Played> {
  const clock = virtualClock()
  const broker = createMemoryBroker({ name: 'b', clock })
  const endpoint = endpointOf(schedule)
  const works = new Map(
    schedule.messages.flatMap((message, index) =>
      handlersOf(typeOf(schedule, message)).map((handler, at) => {
        const name = `m${index} ${handler}`
        return [name, new Work(name, message.runs[at] ?? [])] as const
      }),
    ),
  )
  const state: ShopState = { clock, works, isCalm: false }
  const watch = new BrokerWatch(broker, endpoint, works)
  const happened = new Set<string>()
  let isRepeated = false
  await provideFar(broker, clock)

  const markedEarly: string[] = []
  const inbox = new TroubledInbox({
    scripts: schedule.store,
    struck: (what) => {
      happened.add(what)
      // Unguarded, or once more because another one seems to have it.
      if (what === 'inbox mark: taken over' || schedule.inbox === 'open') isRepeated = true
    },
    marked: (name) => {
      const work = works.get(name)
      if (work === undefined) return
      // While everything runs unguarded, a row says less.
      work.isMarked = schedule.inbox === 'closed'
      if (!isDone(work, watch.arrived())) markedEarly.push(name)
    },
  })

  const open = async (life: Life): Promise<Bus> => {
    const bus = createBus({
      name: endpoint,
      transport: watch.transport(brokers[schedule.broker]),
      handlers: handlersFor(schedule, state, life),
      concurrency: schedule.concurrency,
      stopTimeout: '3s',
      ...inboxOf(schedule, inbox),
      clock,
      logger: silent,
    })
    await bus.start()
    return bus
  }
  const service = new Service(clock, open)
  await service.start()
  const trouble = new Trouble(schedule, { broker, service, happened, works })
  schedule.messages.forEach((message, index) => {
    const type = typeOf(schedule, message)
    const headers = native(type, {
      ce_id: `m${index}`,
      ce_kind: message.kind === 'event' ? 'event' : 'command',
      ce_partitionkey: message.key,
      ...(message.kind === 'request' ? { ce_replyto: 'memory://b/far' } : undefined),
    })
    const to = message.kind === 'event' ? { topic: type } : { endpoint }
    broker.publish(to, { headers, body: JSON.stringify({ id: `m${index}`, key: message.key }), notBefore: clock.now() + message.atMs })
  })
  for (let turn = 0; turn < 3; turn += 1) {
    await clock.advance(8_000)
    await service.startAgain()
  }
  trouble.end()
  inbox.mend()
  state.isCalm = true
  // What is held still goes back with the stop.
  const { unsettled } = broker.depth(endpoint)
  await service.stop()
  await service.start()
  await clock.advance(60_000)
  await service.stop()
  return { works: [...works.values()], watch, broker, happened: [...happened], mayRepeat: trouble.mayRepeat || isRepeated || unsettled > 0, markedEarly }
}

function inboxOf({ inbox: kind }: Schedule, store: InboxStore): Pick<AnyBusOptions, 'stores' | 'pipeline'> {
  switch (kind) {
    case 'none':
      return {}
    case 'closed':
      return { stores: { inbox: store } }
    case 'open':
      return { pipeline: standardPipeline({ idempotency: { store, whenDown: 'open' } }) }
  }
}
