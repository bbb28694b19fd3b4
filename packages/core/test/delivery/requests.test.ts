import { describe, expect, it } from 'vitest'
import { handle, RemoteError, RequestTimeoutError, UnrecoverableError, type Middleware } from '../../src/index.js'
import { createMemoryBroker, memory } from '../../src/memory/index.js'
import { altered } from '../support/altered.js'
import { Find, gate, Note, Place, world } from '../support/service.js'

describe('requests', () => {
  it('give each caller the reply to its own request', async () => {
    const w = world()
    const service = await w.bus({ handlers: [handle(Find, ({ id }) => ({ id }))] })
    const other = await w.bus({ name: 'caller' })
    const ask = (bus: typeof service, id: string) => bus.request(new Find({ id }))
    const ids = Array.from({ length: 100 }, (_, index) => String(index))
    expect(await Promise.all(ids.map((id) => ask(Number(id) % 2 === 0 ? service : other, id)))).toEqual(ids.map((id) => ({ id })))
    expect(service.health().requests).toBe(0)
  })

  it('reject with what the handler threw, after its immediate retries alone', async () => {
    const w = world()
    let runs = 0
    const bus = await w.bus({
      handlers: [
        handle(Place, { retry: { immediate: 1, delayed: ['1s'] } }, () => {
          runs += 1
          throw Object.assign(new Error('declined'), { name: 'CardDeclined', code: 'card_declined' })
        }),
      ],
    })
    const error = await bus.request(new Place({ id: '1' }), { id: 'r1' }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(RemoteError)
    expect(error).toMatchObject({
      code: 'WAYBILL_REMOTE',
      remoteCode: 'card_declined',
      remoteName: 'CardDeclined',
      remoteMessage: 'declined',
      handler: 'shop.place',
      attempt: 2,
    })
    await w.clock.advance(60_000)
    expect(runs).toBe(2)
    expect(w.deadLetters()).toMatchObject([{ id: 'r1', reason: 'retries-exhausted' }])
  })

  it('for a query never end as a dead letter', async () => {
    const w = world()
    const bus = await w.bus({
      handlers: [
        handle(Find, () => {
          throw new UnrecoverableError('no')
        }),
      ],
    })
    await expect(bus.request(new Find({ id: '1' }))).rejects.toThrow(RemoteError)
    await w.clock.settle()
    expect(w.deadLetters()).toEqual([])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('are told at once when their reply violates its schema, or their data cannot be read', async () => {
    const w = world()
    const bus = await w.bus({ handlers: [handle(Place, () => ({ total: 'much' }) as never)] })
    await expect(bus.request(new Place({ id: '1' }))).rejects.toMatchObject({ remoteCode: 'WAYBILL_INVALID_REPLY' })
    await w.clock.settle()
    expect(w.deadLetters()).toMatchObject([{ reason: 'unrecoverable' }])
  })

  it('hear of a failure also when its text is larger than any reply may be', async () => {
    const w = world()
    const limit = { messageBytes: 65_536, batchCount: 10, batchBytes: 1_048_576 }
    const bus = await w.bus({
      transport: memory({ broker: w.broker, capabilities: { limits: { endpoint: limit, topic: limit } } }),
      handlers: [
        handle(Find, () => {
          throw new UnrecoverableError('e'.repeat(200_000))
        }),
      ],
    })
    await expect(bus.request(new Find({ id: '1' }))).rejects.toMatchObject({ code: 'WAYBILL_REMOTE', remoteMessage: 'e'.repeat(2_048) })
  })

  it('for a query are kept as a dead letter where a wire step keeps the fault from its requester', async () => {
    const w = world()
    const broken: Middleware = {
      name: 'broken',
      outgoing: {
        wire: (context, next) => {
          if (context.system['fault'] !== undefined) throw new Error('the key store is down')
          return next(context)
        },
      },
    }
    const bus = await w.bus({
      middleware: [broken],
      handlers: [
        handle(Find, () => {
          throw new UnrecoverableError('no')
        }),
      ],
    })
    const reply = bus.request(new Find({ id: '1' }), { timeout: '1s' }).catch((error: unknown) => error)
    await w.clock.advance(2_000)
    expect(await reply).toBeInstanceOf(RequestTimeoutError)
    expect(w.deadLetters()).toMatchObject([{ reason: 'unrecoverable', handler: 'shop.find' }])
    expect(w.log.some(({ level, message }) => level === 'warn' && message.includes('could not tell its requester'))).toBe(true)
  })

  it('time out, leave nothing behind, and a late reply is counted', async () => {
    const w = world()
    const counts = w.seen('count')
    const slow = gate()
    const bus = await w.bus({ handlers: [handle(Find, ({ id }) => slow.opened.then(() => ({ id })))] })
    const reply = bus.request(new Find({ id: '1' }), { timeout: '2s' }).catch((error: unknown) => error)
    await w.clock.advance(1_999)
    expect(bus.health().requests).toBe(1)
    await w.clock.advance(1)
    expect(await reply).toBeInstanceOf(RequestTimeoutError)
    expect(bus.health().requests).toBe(0)
    slow.open()
    await w.clock.settle()
    expect(counts.map(({ what }) => what)).toEqual(['late-reply'])
    expect(w.deadLetters()).toEqual([])
  })

  it('that have expired neither run nor reply', async () => {
    const w = world()
    const counts = w.seen('count')
    let runs = 0
    const handlers = [
      handle(Find, ({ id }) => {
        runs += 1
        return { id }
      }),
    ]
    await w.bus({ handlers }).then((bus) => bus.stop())
    const caller = await w.bus({ name: 'caller' })
    const replies = Array.from({ length: 100 }, () => caller.request(new Find({ id: '1' }), { timeout: '1s' }).catch((error: unknown) => error))
    await w.clock.advance(2_000)
    expect(await Promise.all(replies)).toSatisfy((errors: unknown[]) => errors.every((error) => error instanceof RequestTimeoutError))
    await w.bus({ handlers })
    await w.clock.advance(1_000)
    expect(runs).toBe(0)
    expect(counts.filter(({ what }) => what === 'expired-request')).toHaveLength(100)
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('do not fail the responder when their requester is gone', async () => {
    const w = world()
    const counts = w.seen('count')
    const slow = gate()
    let runs = 0
    await w.bus({ handlerTimeout: 'none', handlers: [handle(Place, ({ id }) => ((runs += 1), slow.opened.then(() => ({ total: id.length }))))] })
    const caller = await w.bus({ name: 'caller' })
    const reply = caller.request(new Place({ id: '1' })).catch((error: unknown) => error)
    await w.clock.settle()
    const stopped = caller.stop()
    await w.clock.advance(0)
    await stopped
    expect(await reply).toMatchObject({ code: 'WAYBILL_REQUEST_STOPPED', message: expect.stringContaining('may have been handled') as unknown })
    await w.clock.advance(3_600_000)
    slow.open()
    await w.clock.advance(60_000)
    expect({ runs, deadLetters: w.deadLetters() }).toEqual({ runs: 1, deadLetters: [] })
    expect(counts.map(({ what }) => what)).toEqual(['dropped-reply'])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('from ten handlers at concurrency ten do not block one another', async () => {
    const w = world()
    let done = 0
    const bus = await w.bus({
      concurrency: 10,
      handlers: [
        handle(Note, async ({ id }, context) => {
          await context.request(new Find({ id }))
          done += 1
        }),
      ],
      endpoints: { find: { handlers: [handle(Find, ({ id }) => ({ id }))] } },
      routes: { 'shop.find': 'find' },
    })
    await Promise.all(Array.from({ length: 10 }, (_, index) => bus.send(new Note({ id: String(index) }))))
    await w.clock.advance(0)
    expect(done).toBe(10)
  })

  it('end at once when the caller aborts', async () => {
    const w = world()
    const bus = await w.bus({ handlers: [handle(Find, () => new Promise<never>(() => undefined))], stopTimeout: '1s' })
    const controller = new AbortController()
    const reply = bus.request(new Find({ id: '1' }), { signal: controller.signal }).catch((error: unknown) => error)
    await w.clock.settle()
    controller.abort(new Error('changed my mind'))
    expect(await reply).toMatchObject({ message: 'changed my mind' })
    expect(bus.health().requests).toBe(0)
  })

  it('are refused where no reply is declared, or where the transport has no way back', async () => {
    const w = world()
    const bus = await w.bus({ handlers: [handle(Note, () => undefined)] })
    await expect(bus.request(new Note({ id: '1' }) as never)).rejects.toMatchObject({ code: 'WAYBILL_NOT_A_MESSAGE' })
    const deaf = await w.bus({ name: 'deaf', transport: memory({ broker: w.broker, capabilities: { replies: 'none' } }) })
    await expect(deaf.request(new Find({ id: '1' }))).rejects.toMatchObject({ code: 'WAYBILL_NO_REPLIES' })
  })

  it('that a middleware answers without the handler get a fault', async () => {
    const w = world()
    const skip: Middleware = { name: 'skip', incoming: { message: () => Promise.resolve({ outcome: 'accepted' }) } }
    const bus = await w.bus({ middleware: [skip], handlers: [handle(Find, ({ id }) => ({ id }))] })
    await expect(bus.request(new Find({ id: '1' }))).rejects.toMatchObject({ remoteCode: 'WAYBILL_MIDDLEWARE' })
  })

  it('of a command have a derived id inside of a handler: a re-run asks for the same thing; those of a query are new each time', async () => {
    const w = world()
    const sends = w.seen('send')
    const replies: unknown[] = []
    const bus = await w.bus({
      handlers: [
        handle(Note, { retry: { immediate: 1, delayed: [] } }, async ({ id }, context) => {
          replies.push(await context.request(new Place({ id })), await context.request(new Place({ id })), await context.request(new Find({ id })))
          if (context.attempt === 1) throw new Error('again')
        }),
      ],
      endpoints: { answers: { handlers: [handle(Place, ({ id }) => ({ total: id.length })), handle(Find, ({ id }) => ({ id }))] } },
      routes: { 'shop.place': 'answers', 'shop.find': 'answers' },
    })
    await bus.send(new Note({ id: '1' }), { id: 'n1' })
    await w.clock.settle()
    expect(replies).toHaveLength(6)
    const ids = (kind: string) => sends.filter(({ outgoing }) => outgoing.envelope.kind === kind).map(({ outgoing }) => outgoing.envelope.id)
    const [one, two, ...again] = ids('command').slice(1)
    expect(one).not.toBe(two)
    expect(again).toEqual([one, two])
    expect(new Set(ids('query')).size).toBe(2)
  })

  it('whose reply still is to come are answered together with those of the same id that a re-run makes', async () => {
    const w = world()
    const counts = w.seen('count')
    const slow = gate()
    const totals: unknown[] = []
    const bus = await w.bus({
      handlers: [
        handle(Note, { retry: { immediate: 1, delayed: [] } }, async ({ id }, context) => {
          const reply = context.request(new Place({ id })).then(({ total }) => void totals.push(total))
          await context.request(new Find({ id }))
          if (context.attempt === 1) throw new Error('gave up on it')
          await reply
        }),
      ],
      endpoints: { answers: { handlers: [handle(Place, ({ id }) => slow.opened.then(() => ({ total: id.length }))), handle(Find, ({ id }) => ({ id }))] } },
      routes: { 'shop.place': 'answers', 'shop.find': 'answers' },
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(bus.health().requests).toBe(2)
    slow.open()
    await w.clock.settle()
    expect(totals).toEqual([1, 1])
    expect(bus.health().requests).toBe(0)
    expect(counts.map(({ what }) => what)).toEqual(['late-reply'])
  })

  it('with an id of yours stand alone: a second one of the same id is refused while the first waits', async () => {
    const w = world()
    const bus = await w.bus({ handlers: [handle(Find, ({ id }) => ({ id }))] })
    const [first, second] = await Promise.allSettled([bus.request(new Find({ id: '1' }), { id: 'r' }), bus.request(new Find({ id: '1' }), { id: 'r' })])
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected'])
    expect(second).toMatchObject({ reason: { code: 'WAYBILL_SEND_OPTION' } })
    expect(await bus.request(new Find({ id: '1' }), { id: 'r' })).toEqual({ id: '1' })
  })

  it('that cannot leave in time say so', async () => {
    const w = world()
    const transport = altered(w.broker, (inner) => {
      inner.subscribe = () => new Promise(() => undefined)
    })
    const caller = await w.bus({ name: 'caller', transport })
    const reply = caller.request(new Find({ id: '1' }), { timeout: '2s' }).catch((error: unknown) => error)
    await w.clock.advance(2_000)
    expect(await reply).toMatchObject({ code: 'WAYBILL_REQUEST_TIMEOUT', message: expect.stringContaining('has not left') as unknown })
    const stopped = caller.request(new Find({ id: '1' })).catch((error: unknown) => error)
    void caller.stop()
    expect(await stopped).toMatchObject({ code: 'WAYBILL_REQUEST_STOPPED' })
    expect(caller.health().requests).toBe(0)
  })

  it('whose caller has given up before they left never leave', async () => {
    const w = world()
    const sends = w.seen('send')
    const slow = gate()
    const slowly: Middleware = { name: 'slowly', outgoing: { message: (context, next) => slow.opened.then(() => next(context)) } }
    await w.bus({ handlers: [handle(Find, ({ id }) => ({ id }))] })
    const caller = await w.bus({ name: 'caller', middleware: [slowly] })
    const controller = new AbortController()
    const request = caller.request(new Find({ id: '1' }), { signal: controller.signal }).catch((error: unknown) => error)
    await w.clock.settle()
    controller.abort(new Error('changed my mind'))
    expect(await request).toMatchObject({ message: 'changed my mind' })
    slow.open()
    await w.clock.settle()
    expect(sends.filter(({ outcome }) => outcome === 'confirmed')).toEqual([])
  })

  it('are asked again also where the broker deduplicates: who asks again wants a reply', async () => {
    const w = world()
    const transport = memory({ broker: createMemoryBroker({ clock: w.clock, deduplicate: '5m' }) })
    const bus = await w.bus({ transport, handlers: [handle(Place, ({ id }) => ({ total: id.length }))] })
    for (let time = 0; time < 2; time += 1) expect(await bus.request(new Place({ id: '1' }), { id: 'r1' })).toEqual({ total: 1 })
  })

  it('carry their own id and conversation, and so do their replies', async () => {
    const w = world()
    const sends = w.seen('send')
    const bus = await w.bus({ handlers: [handle(Find, ({ id }) => ({ id }))] })
    await bus.request(new Find({ id: '1' }), { id: 'r1' })
    const [request, reply] = sends.map(({ outgoing }) => outgoing.envelope)
    expect(request).toMatchObject({ id: 'r1', kind: 'query', correlationId: 'r1' })
    expect(reply).toMatchObject({ kind: 'reply', causationId: 'r1', correlationId: 'r1', type: 'shop.find' })
  })
})
