import { createBus, type Bus, type BusOptions, type EndpointOptions, type HandlerEntry, type Logger, type Middleware } from '@waybill/core'
import { createMemoryBroker, memory } from '@waybill/core/memory'
import { virtualClock } from '@waybill/core/runtime'
import type { Harness } from './harness.js'
import { PlainBodies } from './plain-bodies.js'
import { Recorder } from './recorder.js'
import { StartedHarness, type Start } from './started-harness.js'
import type { AnyTestBusOptions, TestBusOptions } from './test-bus-options.js'

/** Starts a bus on a broker in memory and a clock that stands still, with everything else as in production. Rejects as `bus.start()` does. */
export async function testBus<H extends HandlerEntry = never, E extends Readonly<Record<string, EndpointOptions>> = {}>(
  options: TestBusOptions<H, E>,
): Promise<Harness> {
  const clock = virtualClock()
  const broker = createMemoryBroker({ clock })
  const bodies = new PlainBodies()
  const recorder = new Recorder(broker, clock, bodies)
  // Commands to services that are not here are taken and recorded, not refused.
  const transport = memory({ broker, capabilities: { unroutable: 'silent' } })
  const start: Start = async (given) => {
    // Refuses what are no options, in its own words.
    if (typeof given !== 'object' || given === null) return createBus(given)
    const middleware = hasWireSteps(given.middleware) ? [bodies.middleware, ...(given.middleware ?? [])] : given.middleware
    const replaced = { logger: silent, ...given, ...(middleware && { middleware }), transport, clock, provision: 'create' as const }
    const bus = createBus({ ...replaced, name: given.name ?? (await routedName(given)) } as BusOptions<HandlerEntry>)
    await bus.start()
    return bus
  }
  try {
    return new StartedHarness({ bus: await start(options as AnyTestBusOptions), broker, clock, recorder, start })
  } catch (error) {
    recorder.end()
    throw error
  }
}

const nothing = (): void => undefined
const silent: Logger = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }

/** What is no middleware is the start's matter. */
const hasWireSteps = (middleware: readonly (Middleware | undefined)[] | undefined): boolean =>
  Array.isArray(middleware) && middleware.some((each: Middleware | undefined) => each?.outgoing?.wire !== undefined)

/** Where senders find what it handles. Several places are the start's matter, which says what to add. */
async function routedName({ container: _, ...options }: AnyTestBusOptions): Promise<string> {
  const { endpoints, routes } = await describe(createBus({ ...options, name: 'test' } as BusOptions<HandlerEntry>))
  const handled = endpoints.filter(({ name }) => name === 'test').flatMap(({ handlers }) => handlers.flatMap(({ types }) => types))
  const [first, ...others] = new Set(handled.map((type) => routes[type]).filter((route) => route?.startsWith(toEndpoint)))
  return first === undefined || others.length > 0 ? 'test' : first.slice(toEndpoint.length)
}

const toEndpoint = 'endpoint '

/** Options of a wrong shape are the start's matter. */
async function describe(bus: Bus): Promise<Pick<Awaited<ReturnType<Bus['describe']>>, 'endpoints' | 'routes'>> {
  try {
    return await bus.describe()
  } catch {
    return { endpoints: [], routes: {} }
  }
}
