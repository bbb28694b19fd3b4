import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, handle } from '../../src/index.js'
import { memory, memorySchedule } from '../../src/memory/index.js'
import { noDelay, scheduled } from '../support/scheduled.js'
import { Note, Place, world } from '../support/service.js'

const second = 1_000

describe('delayed retries where the broker has no delay', () => {
  it('wait in the schedule store, and the report says emulated', async () => {
    const w = world()
    const schedule = memorySchedule()
    const runs: string[] = []
    const start = w.clock.now()
    const bus = await w.bus({
      transport: memory({ broker: w.broker, ...noDelay }),
      stores: { schedule },
      concurrency: 1,
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: ['10s', '1m'] } }, ({ id }, { attempt }) => {
          runs.push(`${id} ${attempt} ${(w.clock.now() - start) / second}`)
          if (id === 'bad') throw new Error('no')
        }),
      ],
    })
    const { report } = await bus.describe()
    expect(report?.rows.find(({ need }) => need === 'delayed retry')).toMatchObject({ provided: 'emulated', detail: '10000ms 60000ms, by the schedule store' })
    await bus.send(new Note({ id: 'bad' }))
    await w.clock.settle()
    expect(schedule.rows()).toMatchObject([{ purpose: 'retry' }])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
    await bus.send(new Note({ id: 'good' }))
    await w.clock.advance(70_000)
    expect(runs).toEqual(['bad 1 0', 'good 1 0', 'bad 2 10', 'bad 3 70'])
    expect(w.deadLetters()).toMatchObject([{ reason: 'retries-exhausted' }])
  })

  it('cannot be cancelled: what is retried has arrived', async () => {
    const w = world()
    const bus = await w.bus({
      transport: memory({ broker: w.broker, ...noDelay }),
      stores: { schedule: memorySchedule() },
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: ['10s'] } }, () => {
          throw new Error('no')
        }),
      ],
    })
    await bus.send(new Note({ id: 'n' }), { id: 'chosen' })
    await w.clock.settle()
    await expect(bus.cancel('chosen')).rejects.toMatchObject({ code: 'WAYBILL_NOT_CANCELABLE' })
  })

  it('keep an unknown type for an instance that knows it', async () => {
    const w = world()
    const schedule = memorySchedule()
    await w.bus({
      transport: memory({ broker: w.broker, ...noDelay }),
      stores: { schedule },
      unknown: ['30s'],
      handlers: [handle(Place, () => ({ total: 1 }))],
    })
    const newer = await w.bus({ name: 'newer' })
    await newer.send(new Note({ id: 'later' }))
    await w.clock.settle()
    expect(schedule.rows()).toMatchObject([{ dueMs: w.clock.now() + 30_000, purpose: 'retry' }])
    await w.clock.advance(30_000)
    expect(w.deadLetters()).toMatchObject([{ reason: 'unknown-type' }])
  })
})

describe('an ordered endpoint with a schedule store', () => {
  class Step extends Command('shop.step', z.object({ id: z.string(), of: z.string() }), { key: 'of', ordered: true }) {}

  it('still waits in its place for a retry: no copy may pass', async () => {
    const w = world()
    const schedule = memorySchedule()
    const runs: string[] = []
    const bus = await w.bus({
      transport: memory({ broker: w.broker, ...noDelay }),
      stores: { schedule },
      handlers: [
        handle(Step, { retry: { immediate: 0, delayed: ['10s'] } }, ({ id }, { attempt }) => {
          runs.push(`${id} ${attempt}`)
          if (attempt === 1 && id === 'first') throw new Error('no')
        }),
      ],
    })
    await bus.send(new Step({ id: 'first', of: 'k' }))
    await bus.send(new Step({ id: 'second', of: 'k' }))
    await w.clock.settle()
    expect(schedule.rows()).toEqual([])
    await w.clock.advance(10_000)
    expect(runs).toEqual(['first 1', 'first 2', 'second 1'])
  })

  it('gets what was delayed in the order of the times, in its key', async () => {
    const w = world()
    const runs: string[] = []
    const bus = await w.bus({
      transport: memory({ broker: w.broker, ...noDelay }),
      stores: { schedule: memorySchedule() },
      handlers: [handle(Step, ({ id }) => void runs.push(id))],
    })
    for (const [id, delay] of [
      ['third', '2m'],
      ['first', '1m'],
      ['second', '1m'],
    ] as const)
      await bus.send(new Step({ id, of: 'k' }), { delay })
    await w.clock.advance(180_000)
    expect(runs).toEqual(['first', 'second', 'third'])
  })
})

describe('a hop that comes to a bus with a schedule store', () => {
  it('waits there for the rest of its delay', async () => {
    const w = world()
    const short = { capabilities: { delay: { maxMs: 60_000, resolutionMs: 1 } } } as const
    const { schedule, arrived } = await scheduled({ w, capabilities: short })
    const sender = await w.bus({ name: 'sender', transport: memory({ broker: w.broker, ...short }) })
    await sender.send(new Note({ id: 'n' }), { delay: '1h' })
    await w.clock.advance(60_000)
    expect(schedule.rows()).toMatchObject([{ bus: 'shop', purpose: 'hop', dueMs: w.clock.now() + 3_540_000 }])
    await w.clock.advance(3_540_000)
    expect(arrived).toEqual(['n 3600'])
  })
})
