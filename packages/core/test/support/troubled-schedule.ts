import { handle } from '../../src/index.js'
import type { ScheduleStore } from '../../src/contract/index.js'
import { memory, memorySchedule } from '../../src/memory/index.js'
import { Note, Place, world } from './service.js'

/** A store that a test takes down: calls are rejected, or never answered. */
function fallible() {
  const schedule = memorySchedule()
  const faults = { down: undefined as 'rejects' | 'is silent' | 'has done it' | undefined, cause: new Error('connection refused'), calls: 0 }
  const through =
    <A extends unknown[], T>(call: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      faults.calls += 1
      switch (faults.down) {
        case undefined:
          return call(...given)
        case 'has done it':
          await call(...given)
          throw faults.cause
        case 'rejects':
          throw faults.cause
        case 'is silent':
          return new Promise<never>(() => undefined)
      }
    }
  const store: ScheduleStore = {
    durability: 'process',
    watch: (changed) => schedule.watch(changed),
    add: through((...given: Parameters<ScheduleStore['add']>) => schedule.add(...given)),
    claim: through((...given: Parameters<ScheduleStore['claim']>) => schedule.claim(...given)),
    sent: through((...given: Parameters<ScheduleStore['sent']>) => schedule.sent(...given)),
    giveBack: through((...given: Parameters<ScheduleStore['giveBack']>) => schedule.giveBack(...given)),
    cancel: through((...given: Parameters<ScheduleStore['cancel']>) => schedule.cancel(...given)),
  }
  return { schedule, faults, store }
}

/** A bus on a broker without delay and a store that may fail, and what became of its messages. */
export async function troubled(options: Parameters<ReturnType<typeof world>['bus']>[0] = {}) {
  const w = world()
  const { schedule, faults, store } = fallible()
  const arrived: string[] = []
  const all = {
    transport: memory({ broker: w.broker, capabilities: { delay: 'none' } }),
    stores: { schedule: store },
    handlers: [
      handle(Note, ({ id }) => void arrived.push(id)),
      handle(Place, async ({ id }, context) => {
        await context.send(new Note({ id }), { delay: '1m' })
        return { total: 1 }
      }),
    ],
    ...options,
  }
  const bus = await w.bus(all)
  const told = (level: string): string[] => w.log.filter((line) => line.level === level).map(({ message }) => message)
  return { w, schedule, faults, arrived, bus, told, all }
}
