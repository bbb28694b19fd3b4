import { describe, expect, it } from 'vitest'
import { handle } from '../../src/index.js'
import type { ScheduleStore } from '../../src/contract/index.js'
import { memory, memorySchedule, type MemorySchedule } from '../../src/memory/index.js'
import { crashAt } from '../../src/runtime/index.js'
import { Note, world } from '../support/service.js'

const lease = 60_000

/** Buses that only send, and one that only handles: what arrives twice was sent twice. */
async function shared(store: (own: MemorySchedule) => ScheduleStore = (own) => own) {
  const w = world()
  const schedule = memorySchedule()
  const arrived: string[] = []
  const start = w.clock.now()
  const transport = memory({ broker: w.broker, capabilities: { delay: 'none' } })
  await w.bus({ transport, handlers: [handle(Note, (_, { id }) => void arrived.push(`${id} ${w.clock.now() - start}`))] })
  const options = { name: 'sender', transport, stores: { schedule: store(schedule) }, sends: [Note] }
  return { w, schedule, arrived, options, ids: () => arrived.map((line) => line.split(' ')[0]).toSorted() }
}

/** Without `watch`: as a store on another machine. */
const unwatched = (own: MemorySchedule): ScheduleStore => ({
  durability: 'disk',
  add: (...given) => own.add(...given),
  claim: (...given) => own.claim(...given),
  sent: (...given) => own.sent(...given),
  giveBack: (...given) => own.giveBack(...given),
  cancel: (...given) => own.cancel(...given),
})

describe('a process that dies while it sends what is due', () => {
  it('after the claim loses nothing: the lease ends, and another instance sends it', async () => {
    const { w, arrived, options, schedule } = await shared()
    const bus = await w.bus(options)
    await bus.send(new Note({ id: 'n' }), { id: 'chosen', delay: '1h' })
    const crash = crashAt('before-schedule-send')
    await w.clock.advance(3_600_000)
    await crash.reached
    await w.bus(options)
    await w.clock.advance(lease - 1)
    expect(arrived).toEqual([])
    await w.clock.advance(1)
    expect(arrived).toEqual([`chosen ${3_600_000 + lease}`])
    expect(schedule.rows()).toEqual([])
  })

  it('after the send duplicates it once, with its id', async () => {
    const { w, arrived, options, schedule } = await shared()
    const copies = w.seen('send')
    const bus = await w.bus(options)
    await bus.send(new Note({ id: 'n' }), { id: 'chosen', delay: '1h' })
    const crash = crashAt('after-schedule-send')
    await w.clock.advance(3_600_000)
    await crash.reached
    await w.bus(options)
    await w.clock.advance(3_600_000)
    expect(arrived).toEqual(['chosen 3600000', `chosen ${3_600_000 + lease}`])
    expect(copies.map(({ outgoing }) => outgoing.copyId)).toEqual(['chosen', 'chosen'])
    expect(schedule.rows()).toEqual([])
  })

  it.each(['before-schedule-send', 'after-schedule-send'] as const)('at %s, twenty times: all arrive, with at most one extra each time', async (point) => {
    const { w, options, ids, schedule } = await shared()
    const bus = await w.bus(options)
    const sent = Array.from({ length: 200 }, (_, index) => `m${String(index).padStart(3, '0')}`)
    for (const [index, id] of sent.entries()) await bus.send(new Note({ id }), { id, delay: `${1_000 + index * 200}ms` })
    for (let crashes = 0; crashes < 20; crashes += 1) {
      const crash = crashAt(point, { skip: 2 })
      await w.bus(options)
      await w.clock.advance(2_000)
      crash.disarm()
    }
    await w.bus(options)
    await w.clock.advance(200_000)
    expect([...new Set(ids())]).toEqual(sent)
    expect(ids().length - sent.length).toBeLessThanOrEqual(point === 'before-schedule-send' ? 0 : 20)
    expect(schedule.rows()).toEqual([])
  })

  it('anywhere else claims nothing any more', async () => {
    const { w, arrived, options } = await shared()
    const bus = await w.bus(options)
    await bus.send(new Note({ id: 'n' }), { id: 'chosen', delay: '1h' })
    const crash = crashAt('after-identity')
    void bus.send(new Note({ id: 'fatal' }), { id: 'other', delay: '1h' })
    await crash.reached
    await w.bus(options)
    await w.clock.advance(3_600_000)
    expect(arrived).toContain('chosen 3600000')
  })
})

describe('several instances on one store', () => {
  it.each([
    ['that can be watched', undefined],
    ['that is asked again and again', unwatched],
  ])('send nothing twice: a store %s', async (_, store) => {
    const { w, options, ids, schedule } = await shared(store)
    const [first, second] = [await w.bus(options), await w.bus(options), await w.bus(options)]
    const sent = Array.from({ length: 300 }, (_none, index) => `m${String(index).padStart(3, '0')}`)
    await Promise.all(sent.map((id, index) => (index % 2 === 0 ? first : second).send(new Note({ id }), { id, delay: `${(index * 37) % 60}s` })))
    await w.clock.advance(3_600_000)
    expect(ids()).toEqual(sent)
    expect(schedule.rows()).toEqual([])
  })

  it('send nothing of a claim that was answered when its lease was as good as over: another one may have it', async () => {
    const { w, options, ids, schedule } = await shared()
    const slow: ScheduleStore = {
      durability: 'process',
      watch: (changed) => schedule.watch(changed),
      add: (...given) => schedule.add(...given),
      sent: (...given) => schedule.sent(...given),
      giveBack: (...given) => schedule.giveBack(...given),
      cancel: (...given) => schedule.cancel(...given),
      async claim(...given) {
        const answer = await schedule.claim(...given)
        if (answer.rows.length > 0) await new Promise<void>((resolve) => void w.clock.after(lease + 10_000, resolve))
        return answer
      },
    }
    const first = await w.bus({ ...options, stores: { schedule: slow }, publishTimeout: '5m' })
    await first.send(new Note({ id: 'n' }), { id: 'chosen', delay: '1h' })
    await w.clock.advance(3_600_000)
    await w.bus(options)
    await w.clock.advance(600_000)
    expect(ids()).toEqual(['chosen'])
    expect(schedule.rows()).toEqual([])
  })

  it('do not ask without end for what is due while another one has it locked', async () => {
    const { w, options, ids, schedule } = await shared()
    let isLocked = true
    let claims = 0
    const locking: ScheduleStore = {
      durability: 'process',
      add: (...given) => schedule.add(...given),
      sent: (...given) => schedule.sent(...given),
      giveBack: (...given) => schedule.giveBack(...given),
      cancel: (...given) => schedule.cancel(...given),
      async claim(...given) {
        claims += 1
        if (claims > 1_000) await new Promise<never>(() => undefined)
        return isLocked ? { rows: [], nextMs: 0 } : schedule.claim(...given)
      },
    }
    const bus = await w.bus({ ...options, stores: { schedule: locking } })
    await bus.send(new Note({ id: 'n' }), { id: 'chosen', delay: '1s' })
    await w.clock.advance(10_000)
    expect(claims).toBeLessThan(150)
    isLocked = false
    await w.clock.advance(100)
    expect(ids()).toEqual(['chosen'])
  })

  it('take over what a stopped one left, by asking within the poll', async () => {
    const { w, arrived, options } = await shared(unwatched)
    const first = await w.bus(options)
    await w.bus({ ...options, schedulePoll: '20s' })
    await first.send(new Note({ id: 'n' }), { id: 'chosen', delay: '10s' })
    await first.send(new Note({ id: 'n' }), { id: 'later', delay: '30s' })
    await first.stop()
    await w.clock.advance(60_000)
    expect(arrived).toEqual(['chosen 20000', 'later 30000'])
  })

  it('need no poll for what they stored themselves', async () => {
    const { w, arrived, options } = await shared(unwatched)
    const bus = await w.bus({ ...options, schedulePoll: '1h' })
    await bus.send(new Note({ id: 'n' }), { id: 'late', delay: '40m' })
    await bus.send(new Note({ id: 'n' }), { id: 'early', delay: '20m' })
    await w.clock.advance(3_600_000)
    expect(arrived).toEqual(['early 1200000', 'late 2400000'])
  })
})
