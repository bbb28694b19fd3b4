import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { handle, type Middleware } from '../../src/index.js'
import { memoryInbox } from '../../src/memory/index.js'
import { gate, Place, Placed, world } from '../support/service.js'

/** Compresses, and makes no two bodies alike: what is stored must be what has left. */
function salted(): Middleware {
  let salt = 0
  return {
    name: 'salted',
    outgoing: {
      wire(context, next) {
        salt += 1
        context.headers['salt'] = String(salt)
        context.body = gzipSync(Buffer.concat([Buffer.from([salt]), context.body]))
        return next(context)
      },
    },
    incoming: {
      wire(context, next) {
        context.body = gunzipSync(context.body).subarray(1)
        return next(context)
      },
    },
  }
}

describe('a request that comes twice', () => {
  it.each([
    { wire: 'without wire steps', middleware: [] },
    { wire: 'with wire steps', middleware: [salted()] },
  ])('gets the reply of the first, equal in bytes, $wire', async ({ middleware }) => {
    const w = world()
    let total = 0
    const service = {
      stores: { inbox: memoryInbox() },
      middleware,
      handlers: [
        handle(Place, () => {
          total += 1
          return { total }
        }),
      ],
    }
    const sent = w.seen('send')
    await w.bus(service)
    const asker = await w.bus({ name: 'asker', middleware })
    expect(await asker.request(new Place({ id: 'p' }), { id: 'place-1' })).toEqual({ total: 1 })
    await w.clock.advance(60_000)
    for (let index = 0; index < 2; index += 1) expect(await asker.request(new Place({ id: 'p' }), { id: 'place-1' })).toEqual({ total: 1 })
    const replies = sent.filter(({ purpose }) => purpose === 'reply').map(({ outgoing }) => outgoing)
    expect(replies).toHaveLength(3)
    const [first, second, third] = replies.map(({ envelope }) => ({
      ...envelope,
      body: Buffer.from(envelope.body ?? []).toString('hex'),
      expiresAt: undefined,
    }))
    expect(second).toEqual(first)
    expect(third).toEqual(first)
    // Each is a copy of its own to a broker that deduplicates.
    expect(new Set(replies.map(({ copyId }) => copyId)).size).toBe(3)
  })

  it('gets the reply also where a middleware sends after it', async () => {
    const w = world()
    const telling: Middleware = {
      name: 'telling',
      incoming: {
        async message(context, next) {
          const settlement = await next(context)
          await context.publish(new Placed({ id: 'told' }))
          return settlement
        },
      },
    }
    await w.bus({ stores: { inbox: memoryInbox() }, sends: [Placed], middleware: [telling], handlers: [handle(Place, () => ({ total: 3 }))] })
    const asker = await w.bus({ name: 'asker' })
    for (let index = 0; index < 2; index += 1) expect(await asker.request(new Place({ id: 'p' }), { id: 'place-1' })).toEqual({ total: 3 })
  })

  it('at the same time from two instances of its sender: one run, and each gets the reply', async () => {
    const w = world()
    const slow = gate()
    let runs = 0
    await w.bus({
      stores: { inbox: memoryInbox() },
      handlers: [
        handle(Place, async () => {
          runs += 1
          await slow.opened
          return { total: 7 }
        }),
      ],
    })
    const askers = [await w.bus({ name: 'asker' }), await w.bus({ name: 'asker' })]
    const replies = askers.map((asker) => asker.request(new Place({ id: 'p' }), { id: 'place-1', timeout: '1m' }))
    await w.clock.settle()
    slow.open()
    expect(await Promise.all(replies)).toEqual([{ total: 7 }, { total: 7 }])
    expect(runs).toBe(1)
  })

  it('is answered anew when the first one failed: a fault is not kept', async () => {
    const w = world()
    const inbox = memoryInbox()
    let runs = 0
    await w.bus({
      stores: { inbox },
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(Place, () => {
          runs += 1
          if (runs === 1) throw new Error('card declined')
          return { total: 5 }
        }),
      ],
    })
    const asker = await w.bus({ name: 'asker' })
    await expect(asker.request(new Place({ id: 'p' }), { id: 'place-1' })).rejects.toMatchObject({ code: 'WAYBILL_REMOTE' })
    expect(inbox.rows()).toEqual([])
    expect(await asker.request(new Place({ id: 'p' }), { id: 'place-1' })).toEqual({ total: 5 })
  })

  it('is answered anew when a middleware answered the first one without its handler', async () => {
    const w = world()
    const inbox = memoryInbox()
    let isClosed = true
    const closed: Middleware = {
      name: 'closed',
      incoming: { message: (context, next) => (isClosed ? Promise.resolve({ outcome: 'accepted' }) : next(context)) },
    }
    await w.bus({ stores: { inbox }, middleware: [closed], handlers: [handle(Place, () => ({ total: 1 }))] })
    const asker = await w.bus({ name: 'asker' })
    await expect(asker.request(new Place({ id: 'p' }), { id: 'place-1' })).rejects.toMatchObject({ code: 'WAYBILL_REMOTE' })
    expect(inbox.rows()).toEqual([])
    isClosed = false
    expect(await asker.request(new Place({ id: 'p' }), { id: 'place-1' })).toEqual({ total: 1 })
  })

  it('is told when the message was handled before anybody asked for a reply', async () => {
    const w = world()
    let runs = 0
    await w.bus({
      stores: { inbox: memoryInbox() },
      handlers: [
        handle(Place, () => {
          runs += 1
          return { total: 1 }
        }),
      ],
    })
    const asker = await w.bus({ name: 'asker' })
    await asker.send(new Place({ id: 'p' }), { id: 'place-1' })
    await w.clock.settle()
    await expect(asker.request(new Place({ id: 'p' }), { id: 'place-1' })).rejects.toThrow(/WAYBILL_ALREADY_HANDLED/)
    expect(runs).toBe(1)
  })

  it('whose asker is gone costs the responder nothing', async () => {
    const w = world()
    const counted = w.seen('count')
    await w.bus({ stores: { inbox: memoryInbox() }, handlers: [handle(Place, () => ({ total: 1 }))] })
    const asker = await w.bus({ name: 'asker' })
    await asker.request(new Place({ id: 'p' }), { id: 'place-1' })
    const again = asker.request(new Place({ id: 'p' }), { id: 'place-1' })
    await asker.stop()
    await expect(again).rejects.toMatchObject({ code: 'WAYBILL_REQUEST_STOPPED' })
    await w.clock.advance(60_000)
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
    expect(counted.map(({ what }) => what)).toContain('duplicate')
  })
})
