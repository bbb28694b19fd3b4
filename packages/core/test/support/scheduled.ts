import { handle, on } from '../../src/index.js'
import { memory, memorySchedule } from '../../src/memory/index.js'
import { Note, Placed, world, type World } from './service.js'

export const noDelay = { capabilities: { delay: 'none' } } as const

/** A bus with a schedule store, and when each note arrived, in seconds since the start. */
export async function scheduled(options: { readonly w?: World; readonly capabilities?: Parameters<typeof memory>[0] } = {}) {
  const w = options.w ?? world()
  const schedule = memorySchedule()
  const arrived: string[] = []
  const start = w.clock.now()
  const at = (): number => (w.clock.now() - start) / 1_000
  const stores = { schedule }
  const transport = memory({ broker: w.broker, ...(options.capabilities ?? noDelay) } as Parameters<typeof memory>[0])
  const handlers = [
    handle(Note, ({ id }) => void arrived.push(`${id} ${at()}`)),
    on(Placed, { id: 'placed' }, ({ id }) => void arrived.push(`placed ${id} ${at()}`)),
  ]
  const bus = await w.bus({ transport, stores, handlers })
  return { w, schedule, arrived, bus, transport, stores, handlers, at }
}
