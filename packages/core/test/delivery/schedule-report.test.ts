import { describe, expect, it } from 'vitest'
import type { ScheduleStore } from '../../src/contract/index.js'
import { memorySchedule } from '../../src/memory/index.js'
import { provide } from '../../src/requirements/provide.js'
import { scheduled } from '../support/scheduled.js'
import { world } from '../support/service.js'

describe('the report of the start', () => {
  it('says where the delays come from', async () => {
    const { bus } = await scheduled()
    const { report } = await bus.describe()
    expect(report?.rows.find(({ need }) => need === 'schedule')).toMatchObject({
      by: 'shop',
      provided: 'emulated',
      detail: 'what the broker cannot delay, and what may be cancelled, waits in the schedule store and leaves at its time',
    })
  })

  it('refuses stores that are none', async () => {
    const w = world()
    await expect(w.bus({ stores: { schedule: {} as never } })).rejects.toThrow(
      "options.stores.schedule must be a schedule store, with its durability ('process' or 'disk') and add(), claim()",
    )
    await expect(w.bus({ stores: { scheduel: memorySchedule() } as never })).rejects.toThrow('Did you mean options.stores.schedule?')
    await expect(w.bus({ schedulePoll: 5 as never })).rejects.toThrow('options.schedulePoll must be a duration')
  })

  it.each([
    ['process', 'broker', true, 'degraded', 'the broker outlives this process, and what waits in the schedule store is lost with it'],
    ['process', 'process', true, 'emulated', 'leaves at its time'],
    ['disk', 'broker', true, 'emulated', 'leaves at its time'],
    ['disk', 'broker', false, 'emulated', 'leaves at most 5000 ms late where another instance stored it'],
  ] as const)('of a store that survives the %s on a broker that survives the %s, watched %s: %s', (durability, broker, watched, provided, detail) => {
    const { promise: nothing } = Promise.withResolvers<never>()
    const never = (): Promise<never> => nothing
    const store: ScheduleStore = { durability, add: never, claim: never, sent: never, giveBack: never, cancel: never }
    const stores = { schedule: watched ? { ...store, watch: () => () => undefined } : store }
    const row = provide({ need: 'schedule', by: 'shop', pollMs: 5_000 }, { capabilities: { durability: broker }, stores })
    expect(row).toMatchObject({ provided, detail: expect.stringContaining(detail) as string })
  })
})
