import { describe, expect, it } from 'vitest'
import { handle, on, SendError, type Bus } from '../../src/index.js'
import { crashAt } from '../../src/runtime/index.js'
import { Billed, gate, Note, Placed, Shipped, world } from '../support/service.js'

const three = [Placed, Shipped, Billed]
const audit = (seen: string[]) => on(three, { id: 'audit' }, (event, context) => void seen.push(`${context.type} ${context.id}`))

describe('messages that a handler sends', () => {
  it('leave when it succeeds, in the order of the calls, and only then is the delivery settled', async () => {
    const w = world()
    const order: string[] = []
    const sends = w.seen('send')
    const settles = w.seen('settle')
    const bus = await w.bus({
      sends: three,
      handlers: [
        handle(Note, async ({ id }, context) => {
          for (const type of three) await context.publish(new type({ id }))
          order.push(`held: ${sends.filter(({ outgoing }) => outgoing.envelope.kind === 'event').length}`)
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(order).toEqual(['held: 0'])
    expect(sends.map(({ outgoing, outcome }) => [outgoing.envelope.type, outcome])).toEqual([
      ['shop.note', 'confirmed'],
      ['shop.placed', 'confirmed'],
      ['shop.shipped', 'confirmed'],
      ['shop.billed', 'confirmed'],
    ])
    expect(settles.map(({ disposition }) => disposition)).toEqual(['accepted'])
  })

  it('do not leave when it throws', async () => {
    const w = world()
    const seen: string[] = []
    let runs = 0
    const failing = handle(Note, { retry: { immediate: 1, delayed: [] } }, async ({ id }, context) => {
      runs += 1
      for (const type of three) await context.publish(new type({ id }))
      throw new Error('after three')
    })
    const bus = await w.bus({ handlers: [failing, audit(seen)] })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(runs).toBe(2)
    expect(seen).toEqual([])
    expect(w.deadLetters()).toMatchObject([{ reason: 'retries-exhausted', handler: 'shop.note' }])
  })

  it('do not leave when the third of them is invalid', async () => {
    const w = world()
    const seen: string[] = []
    const bus = await w.bus({
      handlers: [
        handle(Note, async ({ id }, context) => {
          await context.publish(new Placed({ id }))
          await context.publish(new Shipped({ id }))
          await context.publish(Billed.parse({ id: 5 }))
        }),
        audit(seen),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(seen).toEqual([])
    expect(w.deadLetters()).toMatchObject([{ reason: 'unrecoverable' }])
  })

  it('are sent again alone, with their ids, while the broker refuses them; the handler does not run again', async () => {
    const w = world()
    const seen: string[] = []
    let runs = 0
    const sends = w.seen('send')
    const settles = w.seen('settle')
    const bus = await w.bus({
      handlers: [
        handle(Note, async ({ id }, context) => {
          runs += 1
          for (const type of three) await context.publish(new type({ id }))
        }),
        audit(seen),
      ],
    })
    w.broker.failSends({ times: 4, where: ({ envelope }) => envelope.type === 'shop.shipped' })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(settles.filter(({ delivery }) => delivery.envelope?.type === 'shop.note')).toEqual([])
    await w.clock.advance(60_000)
    const shipped = sends.filter(({ outgoing }) => outgoing.envelope.type === 'shop.shipped')
    expect(shipped.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused', 'refused', 'confirmed'])
    expect(new Set(shipped.map(({ outgoing }) => outgoing.envelope.id)).size).toBe(1)
    expect(sends.filter(({ outgoing }) => outgoing.envelope.type === 'shop.placed')).toHaveLength(1)
    expect(runs).toBe(1)
    expect(seen).toHaveLength(3)
    expect(settles.filter(({ delivery }) => delivery.envelope?.type === 'shop.note').map(({ disposition }) => disposition)).toEqual(['accepted'])
  })

  it('are sent again when their fate is unknown, with the same id', async () => {
    const w = world()
    const ids: string[] = []
    const bus = await w.bus({
      handlers: [handle(Note, ({ id }, context) => context.publish(new Placed({ id }))), on(Placed, { id: 'p' }, (_, context) => void ids.push(context.id))],
    })
    w.broker.failSends({ where: ({ envelope }) => envelope.type === 'shop.placed', outcome: 'unknown', taken: true })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(10_000)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  it.each(['after-handler', 'before-flush', 'before-send', 'after-send', 'after-flush', 'after-dispatch', 'before-settle'] as const)(
    'have the same ids after a crash at %s',
    async (point) => {
      const w = world()
      const ids: string[] = []
      const handlers = [
        handle(Note, async ({ id }, context) => {
          for (const type of three) await context.publish(new type({ id }))
        }),
      ]
      const listener = await w.bus({ name: 'audit', handlers: [on(three, { id: 'audit' }, (_, context) => void ids.push(`${context.type} ${context.id}`))] })
      const others = w.broker.connections()
      await w.bus({ handlers })
      const [instanceId = ''] = w.broker.connections().filter((id) => !others.includes(id))
      const crash = crashAt(point, { instanceId })
      await listener.send(new Note({ id: '1' }))
      await crash.reached
      await w.clock.settle()
      const before = [...ids]
      await w.bus({ handlers })
      await w.clock.advance(1_000)
      // What had left before the crash has left again: the same three, not others.
      expect(before.length === 0 || before.length === 3).toBe(true)
      expect(ids).toHaveLength(before.length + 3)
      expect(new Set(ids).size).toBe(3)
    },
  )

  it('end the handler as undeliverable when the broker will never take one; it does not run again', async () => {
    const w = world()
    let runs = 0
    const bus = await w.bus({
      sends: [Placed],
      handlers: [
        handle(Note, async ({ id }, context) => {
          runs += 1
          await context.publish(new Placed({ id }))
        }),
      ],
    })
    w.broker.failSends({ times: 99, where: ({ envelope }) => envelope.type === 'shop.placed', retryable: false })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(60_000)
    expect(runs).toBe(1)
    expect(w.deadLetters()).toMatchObject([{ reason: 'undeliverable' }])
  })

  it('leave at once with { dispatch: "immediately" }, whether or not the handler succeeds', async () => {
    const w = world()
    const seen: string[] = []
    const failing = handle(Note, { retry: { immediate: 0, delayed: [] } }, async ({ id }, context) => {
      await context.publish(new Placed({ id }), { dispatch: 'immediately' })
      await context.publish(new Shipped({ id }))
      throw new Error('no')
    })
    const bus = await w.bus({ handlers: [failing, audit(seen)] })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatch(/^shop\.placed /)
  })

  it('go through one path, whether sent by the context or by the bus', async () => {
    const w = world()
    const seen: string[] = []
    let bus: Bus | undefined
    const sends = w.seen('send')
    bus = await w.bus({
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, async ({ id }) => {
          await bus?.publish(new Placed({ id }))
          if (id === 'bad') throw new Error('no')
        }),
        audit(seen),
      ],
    })
    await bus.send(new Note({ id: 'bad' }))
    await bus.send(new Note({ id: 'good' }))
    await w.clock.settle()
    expect(seen).toHaveLength(1)
    const note = sends.find(({ outgoing }) => outgoing.envelope.type === 'shop.note' && Buffer.from(outgoing.envelope.body ?? []).includes('good'))?.outgoing
      .envelope
    const placed = sends.find(({ outgoing }) => outgoing.envelope.type === 'shop.placed')?.outgoing.envelope
    expect(placed).toMatchObject({ causationId: note?.id, correlationId: note?.correlationId })
  })

  it('leave at once, counted, when a callback sends after the handler has settled', async () => {
    const w = world()
    const seen: string[] = []
    const counts = w.seen('count')
    const later = gate()
    const sent = Promise.withResolvers<void>()
    const bus = await w.bus({
      handlers: [
        handle(Note, ({ id }, context) => {
          void later.opened.then(() => context.publish(new Placed({ id }))).then(sent.resolve, sent.reject)
        }),
        audit(seen),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(seen).toEqual([])
    later.open()
    await sent.promise
    await w.clock.settle()
    expect(seen).toHaveLength(1)
    expect(counts.map(({ what }) => what)).toEqual(['sent-after-handler'])
  })

  it('keep two equal ones apart, and give both the same ids at the next attempt', async () => {
    const w = world()
    const ids: string[] = []
    let runs = 0
    const bus = await w.bus({
      handlers: [
        handle(Note, async ({ id }, context) => {
          runs += 1
          await context.publish(new Placed({ id }), { dispatch: 'immediately' })
          await context.publish(new Placed({ id }), { dispatch: 'immediately' })
          if (runs === 1) throw new Error('once more')
        }),
        on(Placed, { id: 'p' }, (_, context) => void ids.push(context.id)),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(ids).toHaveLength(4)
    expect(ids.slice(0, 2)).toEqual(ids.slice(2))
    expect(new Set(ids).size).toBe(2)
  })

  it('are refused at the call when the buffer is full', async () => {
    const w = world()
    const errors: unknown[] = []
    const bus = await w.bus({
      sends: [Placed],
      handlers: [
        handle(Note, async ({ id }, context) => {
          try {
            for (let index = 0; index <= 10_000; index += 1) await context.publish(new Placed({ id }))
          } catch (error) {
            errors.push(error)
          }
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(1_000)
    expect(errors).toMatchObject([{ code: 'WAYBILL_BUFFER_FULL' }])
  })

  it('sent through another bus are not held, and inherit the conversation', async () => {
    const w = world()
    const counts = w.seen('count')
    const received: { readonly correlationId: string | undefined; readonly causationId: string | undefined }[] = []
    const other = await w.bus({
      name: 'other',
      handlers: [on(Placed, { id: 'p' }, (_, { correlationId, causationId }) => void received.push({ correlationId, causationId }))],
    })
    const bus = await w.bus({
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, async ({ id }) => {
          await other.publish(new Placed({ id }))
          throw new Error('too late')
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }), { id: 'the-cause' })
    await w.clock.settle()
    expect(received).toEqual([{ correlationId: 'the-cause', causationId: 'the-cause' }])
    expect(counts.map(({ what }) => what)).toEqual(['foreign-send'])
  })
})

describe('messages that are sent outside of a handler', () => {
  it('make ten calls of a hundred that are published in one tick, on a transport that takes ten at once', async () => {
    const w = world()
    const { calls, source } = await import('../support/counting-transport.js').then(({ counting }) => counting(w.broker, 10))
    const bus = await w.bus({ transport: source, sends: [Placed] })
    calls.length = 0
    await Promise.all(Array.from({ length: 100 }, (_, index) => bus.publish(new Placed({ id: String(index) }), { key: `k${index % 7}` })))
    expect(calls).toHaveLength(10)
    const sent = calls.flat().map((body) => Number((JSON.parse(body) as { id: string }).id))
    for (let key = 0; key < 7; key += 1)
      expect(sent.filter((index) => index % 7 === key)).toEqual(Array.from({ length: 100 }, (_, index) => index).filter((index) => index % 7 === key))
  })

  it('reject alone when one entry fails', async () => {
    const w = world()
    const bus = await w.bus({ sends: [Placed] })
    w.broker.failSends({ where: ({ envelope }) => envelope.headers['n'] === '3', retryable: false })
    const results = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => bus.publish(new Placed({ id: 'x' }), { headers: { n: String(index) } })))
    expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, (_, index) => (index === 3 ? 'rejected' : 'fulfilled')))
    expect(results[3]).toMatchObject({ reason: expect.any(SendError) as unknown })
  })

  it('wait for no timer when they are alone', async () => {
    const w = world()
    const bus = await w.bus({ sends: [Placed] })
    // The virtual clock stands still: a timer would never fire.
    await bus.publish(new Placed({ id: '1' }))
    expect(w.clock.now()).toBe(Date.UTC(2026, 0, 1))
  })
})
