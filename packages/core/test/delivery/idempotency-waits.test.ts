import { describe, expect, it } from 'vitest'
import type { InboxClaim, InboxRequest } from '../../src/contract/index.js'
import { handle, type HandlerEntry } from '../../src/index.js'
import { memoryInbox, type MemoryInbox } from '../../src/memory/index.js'
import { breakable } from '../support/inbox.js'
import { gate, Note, world } from '../support/service.js'

/** The row of a duplicate, held elsewhere. */
async function heldElsewhere(inbox: MemoryInbox, leaseMs: number): Promise<InboxClaim> {
  const row: InboxRequest = { endpoint: 'shop', handler: 'shop.note', formerHandlers: [], source: 'shop', id: 'dup', redelivered: false, leaseMs }
  const answer = await inbox.claim(row, new AbortController().signal)
  if (answer.state !== 'claimed') throw new Error(`the row is ${answer.state}`)
  return answer
}

describe('a duplicate that has its row and waits for its place', () => {
  it('keeps the row for as long as that takes: nobody runs beside it', async () => {
    const w = world()
    const inbox = memoryInbox({ clock: w.clock })
    const elsewhere = await heldElsewhere(inbox, 30_000)
    const slow = gate()
    let running = 0
    let most = 0
    const handlers = [
      handle(Note, async ({ id }) => {
        if (id === 'slow') return slow.opened
        running += 1
        most = Math.max(most, running)
        await new Promise<void>((resolve) => void w.clock.after(20_000, resolve))
        running -= 1
      }),
    ]
    const service = { stores: { inbox }, concurrency: 1, handlers }
    const bus = await w.bus(service)
    await bus.send(new Note({ id: 'dup' }), { id: 'dup' })
    await w.clock.settle()
    await bus.send(new Note({ id: 'slow' }))
    await w.clock.settle()
    await elsewhere.release()
    // Longer than a lease.
    await w.clock.advance(35_000)
    await w.bus(service)
    await bus.send(new Note({ id: 'dup' }), { id: 'dup' })
    await w.clock.advance(10_000)
    slow.open()
    await w.clock.advance(100_000)
    expect(most).toBe(1)
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('begins anew, uncounted, when another one took the row over meanwhile', async () => {
    const w = world()
    const inbox = memoryInbox({ clock: w.clock })
    const broken = breakable(inbox)
    const elsewhere = await heldElsewhere(inbox, 30_000)
    const slow = gate()
    const runs: string[] = []
    const handlers = (where: string): HandlerEntry[] => [
      handle(Note, ({ id }, { attempt }) => {
        runs.push(`${where} ${id} ${attempt}`)
        return id === 'slow' ? slow.opened : undefined
      }),
    ]
    const bus = await w.bus({ stores: { inbox: broken.store }, concurrency: 1, handlers: handlers('first') })
    await bus.send(new Note({ id: 'dup' }), { id: 'dup' })
    await w.clock.settle()
    await bus.send(new Note({ id: 'slow' }))
    await w.clock.settle()
    broken.down = 'renew'
    await elsewhere.release()
    await w.clock.advance(35_000)
    await w.bus({ stores: { inbox }, concurrency: 1, handlers: handlers('second') })
    await bus.send(new Note({ id: 'dup' }), { id: 'dup' })
    await w.clock.settle()
    broken.down = 'nothing'
    await w.clock.advance(20_000)
    slow.open()
    await w.clock.advance(60_000)
    expect(runs).toEqual(['first slow 1', 'second dup 1'])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('goes back when the bus stops first: nothing new begins then', async () => {
    const w = world()
    const inbox = memoryInbox({ clock: w.clock })
    const elsewhere = await heldElsewhere(inbox, 30_000)
    const slow = gate()
    const runs: string[] = []
    const bus = await w.bus({
      stores: { inbox },
      concurrency: 1,
      handlers: [
        handle(Note, ({ id }) => {
          runs.push(id)
          return id === 'slow' ? slow.opened : undefined
        }),
      ],
    })
    await bus.send(new Note({ id: 'dup' }), { id: 'dup' })
    await w.clock.settle()
    await bus.send(new Note({ id: 'slow' }), { id: 'slow' })
    await w.clock.settle()
    await elsewhere.release()
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.settle()
    slow.open()
    await w.clock.settle()
    expect(await stopped).toEqual({ unfinished: [] })
    expect(runs).toEqual(['slow'])
    expect(inbox.rows().map(({ id, state }) => `${id} ${state}`)).toEqual(['slow done'])
    expect(w.broker.depth('shop')).toEqual({ ready: 1, unsettled: 0, delayed: 0 })
  })
})

describe('an outage of the inbox', () => {
  it('is over with its first answer, also where another one has the row', async () => {
    const w = world()
    const inbox = memoryInbox({ clock: w.clock })
    const broken = breakable(inbox)
    const elsewhere = await heldElsewhere(inbox, 600_000)
    const runs: string[] = []
    const bus = await w.bus({ stores: { inbox: broken.store }, handlers: [handle(Note, ({ id }) => void runs.push(id))] })
    broken.down = 'everything'
    await bus.send(new Note({ id: 'dup' }), { id: 'dup' })
    await w.clock.advance(5_000)
    broken.down = 'nothing'
    await bus.send(new Note({ id: 'other' }))
    await w.clock.advance(5_000)
    expect(runs).toEqual(['other'])
    expect(bus.health().endpoints).toMatchObject([{ paused: [] }])
    await elsewhere.release()
    await w.clock.settle()
    expect(runs).toEqual(['other', 'dup'])
  })

  it('that begins while a duplicate waits is bridged as any other, and the duplicate runs once', async () => {
    const w = world()
    const inbox = memoryInbox({ clock: w.clock })
    const elsewhere = await heldElsewhere(inbox, 600_000)
    let refused = 0
    const runs: string[] = []
    const bus = await w.bus({
      stores: {
        inbox: {
          durability: 'process',
          claim: async (...request) => {
            const answer = await inbox.claim(...request)
            if (answer.state !== 'held' || refused >= 5) return answer
            refused += 1
            return { state: 'held', wait: () => Promise.reject(new Error('the connection is gone')) }
          },
        },
      },
      handlers: [handle(Note, ({ id }) => void runs.push(id))],
    })
    await bus.send(new Note({ id: 'dup' }), { id: 'dup' })
    await w.clock.advance(3_500)
    // Once a second, and not without end.
    expect(refused).toBe(4)
    await w.clock.advance(10_000)
    await elsewhere.release()
    await w.clock.settle()
    expect(runs).toEqual(['dup'])
    expect(bus.health().endpoints).toMatchObject([{ paused: [] }])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })
})
