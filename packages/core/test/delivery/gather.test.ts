import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, handle, NoQuorumError, Query, RemoteError, SendError, UnrecoverableError, type Bus } from '../../src/index.js'
import { memory } from '../../src/memory/index.js'
import { gate, Note, world, type World } from '../support/service.js'

class Price extends Query('prices.price', z.object({ sku: z.string() }), { reply: z.object({ price: z.number() }) }) {}
class Reserve extends Command('stock.reserve', z.object({ sku: z.string() }), { reply: z.object({ reserved: z.boolean() }) }) {}
class Keyed extends Query('prices.keyed', z.object({}), { reply: z.object({}), key: () => undefined as never }) {}

const price = new Price({ sku: 'tea' })

/** A service of its own that answers prices. */
const seller = (w: World, name: string, answer: () => { readonly price: number } | Promise<{ readonly price: number }>): Promise<Bus> =>
  w.bus({ name, routes: { 'prices.*': name }, handlers: [handle(Price, answer)] })
const never = (): Promise<never> => new Promise(() => undefined)
const declined = (): never => {
  throw new UnrecoverableError('declined')
}

describe('gather', () => {
  it('asks each named endpoint, and resolves with the replies of all of them as they came', async () => {
    const w = world()
    const slow = gate()
    await seller(w, 'a', () => slow.opened.then(() => ({ price: 1 })))
    await seller(w, 'b', () => ({ price: 2 }))
    const shop = await w.bus({})
    const gathered = shop.gather(price, { from: ['a', 'b'] })
    await w.clock.settle()
    slow.open()
    expect(await gathered).toEqual({
      replies: [
        { from: 'b', reply: { price: 2 } },
        { from: 'a', reply: { price: 1 } },
      ],
      failed: [],
      missing: [],
      releasedBy: 'all',
    })
    expect(shop.health().requests).toBe(0)
  })

  it('gives each request an id of its own, and all of them one conversation', async () => {
    const w = world()
    const sends = w.seen('send')
    await seller(w, 'a', () => ({ price: 1 }))
    await seller(w, 'b', () => ({ price: 2 }))
    const shop = await w.bus({})
    await shop.gather(price, { from: ['a', 'b'], headers: { 'x-tenant': 'acme' }, timeout: '7s' })
    const requests = sends.filter(({ outgoing }) => outgoing.envelope.kind === 'query').map(({ outgoing }) => outgoing)
    expect(requests.map(({ destination }) => destination)).toEqual([
      { kind: 'endpoint', name: 'a', ordered: false },
      { kind: 'endpoint', name: 'b', ordered: false },
    ])
    const [first, second] = requests.map(({ envelope }) => envelope)
    expect(first?.id).not.toBe(second?.id)
    expect(new Set(sends.map(({ outgoing }) => outgoing.envelope.correlationId))).toEqual(new Set([first?.id]))
    expect(first).toMatchObject({ headers: { 'x-tenant': 'acme' }, expiresAt: w.clock.now() + 7_000 })
  })

  it('counts a failure as an answer: a handler that throws, an endpoint that does not exist', async () => {
    const w = world()
    await seller(w, 'a', () => ({ price: 1 }))
    await seller(w, 'b', declined)
    const shop = await w.bus({})
    const { replies, failed, missing, releasedBy } = await shop.gather(price, { from: ['a', 'b', 'nowhere'] })
    expect({ replies, missing, releasedBy }).toEqual({ replies: [{ from: 'a', reply: { price: 1 } }], missing: [], releasedBy: 'all' })
    expect(failed.toSorted((one, other) => one.from.localeCompare(other.from))).toEqual([
      { from: 'b', error: expect.any(RemoteError) as unknown },
      { from: 'nowhere', error: expect.any(SendError) as unknown },
    ])
  })

  it('names who is missing when the time is over, and counts their late replies', async () => {
    const w = world()
    const counts = w.seen('count')
    const slow = gate()
    await seller(w, 'a', () => ({ price: 1 }))
    await seller(w, 'b', () => slow.opened.then(() => ({ price: 2 })))
    const shop = await w.bus({})
    const gathered = shop.gather(price, { from: ['b', 'a'], timeout: '2s' })
    await w.clock.advance(2_000)
    expect(await gathered).toEqual({ replies: [{ from: 'a', reply: { price: 1 } }], failed: [], missing: ['b'], releasedBy: 'timeout' })
    expect(shop.health().requests).toBe(0)
    slow.open()
    await w.clock.settle()
    expect(counts.map(({ what }) => what)).toEqual(['late-reply'])
  })

  it('is released by a count of answers, failures among them', async () => {
    const w = world()
    await seller(w, 'a', declined)
    await seller(w, 'b', () => ({ price: 2 }))
    await seller(w, 'c', never)
    const shop = await w.bus({ stopTimeout: '1s' })
    expect(await shop.gather(price, { from: ['a', 'b', 'c'], count: 2 })).toMatchObject({
      replies: [{ from: 'b' }],
      failed: [{ from: 'a' }],
      missing: ['c'],
      releasedBy: 'count',
    })
  })

  it('is released by a quorum of replies', async () => {
    const w = world()
    await seller(w, 'a', declined)
    await seller(w, 'b', () => ({ price: 2 }))
    await seller(w, 'c', never)
    const shop = await w.bus({})
    const gathered = await shop.gather(price, { from: ['a', 'b', 'c'], quorum: 1 })
    expect(gathered).toMatchObject({ replies: [{ from: 'b', reply: { price: 2 } }], releasedBy: 'quorum' })
    expect(gathered.missing).toContain('c')
  })

  it('rejects at once when the quorum can be reached no more, with what came', async () => {
    const w = world()
    const startedAt = w.clock.now()
    await seller(w, 'a', () => ({ price: 1 }))
    await seller(w, 'b', declined)
    await seller(w, 'c', never)
    const shop = await w.bus({})
    const error = await shop.gather(price, { from: ['a', 'b', 'nowhere', 'c'], quorum: 3 }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(NoQuorumError)
    expect(error).toMatchObject({ code: 'WAYBILL_NO_QUORUM', missing: expect.arrayContaining(['c']) as unknown })
    expect((error as NoQuorumError).failed.map(({ from }) => from).toSorted()).toEqual(['b', 'nowhere'])
    expect((error as NoQuorumError).message).toContain('b failed: ')
    expect(w.clock.now()).toBe(startedAt)
    expect(shop.health().requests).toBe(0)
  })

  it('rejects when the time is over without the quorum', async () => {
    const w = world()
    await seller(w, 'a', () => ({ price: 1 }))
    await seller(w, 'b', never)
    const shop = await w.bus({})
    const gathered = shop.gather(price, { from: ['a', 'b'], quorum: 2, timeout: '2s' }).catch((error: unknown) => error)
    await w.clock.advance(2_000)
    expect(await gathered).toMatchObject({
      code: 'WAYBILL_NO_QUORUM',
      replies: [{ from: 'a', reply: { price: 1 } }],
      missing: ['b'],
      message: expect.stringContaining('1 of the 2 replies to "prices.price" that the quorum asks for came, within 2000 ms; missing: b') as unknown,
    })
  })

  it('ends at once when its caller aborts, and when the bus stops; nothing stays', async () => {
    const w = world()
    await seller(w, 'a', never)
    const shop = await w.bus({})
    const controller = new AbortController()
    const aborted = shop.gather(price, { from: ['a'], signal: controller.signal }).catch((error: unknown) => error)
    const stopped = shop.gather(price, { from: ['a'] }).catch((error: unknown) => error)
    await w.clock.settle()
    expect(shop.health().requests).toBe(2)
    controller.abort(new Error('changed my mind'))
    expect(await aborted).toMatchObject({ message: 'changed my mind' })
    await expect(shop.gather(price, { from: ['a'], signal: controller.signal })).rejects.toThrow('changed my mind')
    expect(shop.health().requests).toBe(1)
    await shop.stop()
    expect(await stopped).toMatchObject({ code: 'WAYBILL_REQUEST_STOPPED' })
  })

  it('leaves at once inside of a handler, in its conversation; a command has a derived id for each endpoint, the same when the handler runs again', async () => {
    const w = world()
    const sends = w.seen('send')
    for (const name of ['a', 'b']) await w.bus({ name, routes: { 'stock.*': name }, handlers: [handle(Reserve, () => ({ reserved: true }))] })
    const gathered: unknown[] = []
    const shop = await w.bus({
      handlers: [
        handle(Note, { retry: { immediate: 1, delayed: [] } }, async (_, context) => {
          gathered.push(await context.gather(new Reserve({ sku: 'tea' }), { from: ['a', 'b'] }))
          if (gathered.length === 1) throw new Error('once more')
        }),
      ],
    })
    await shop.send(new Note({ id: '1' }), { id: 'n1' })
    await w.clock.settle()
    expect(gathered).toEqual([expect.objectContaining({ releasedBy: 'all' }), expect.objectContaining({ releasedBy: 'all' })])
    const requests = sends.filter(({ outgoing }) => outgoing.envelope.type === 'stock.reserve' && outgoing.envelope.kind === 'command')
    const ids = requests.map(({ outgoing }) => outgoing.envelope.id)
    expect(new Set(ids).size).toBe(2)
    expect(ids.slice(0, 2).toSorted()).toEqual(ids.slice(2).toSorted())
    expect(requests.every(({ outgoing }) => outgoing.envelope.correlationId === 'n1' && outgoing.envelope.causationId === 'n1')).toBe(true)
  })

  it.each([
    [{ from: [] }, 'cannot be an array of 0'],
    [{ from: 'a' }, '{ from } of gather() cannot be "a"'],
    [undefined, '{ from } of gather() cannot be undefined'],
    [{ from: ['a', 'b', 'a'] }, '{ from[2] } of gather() cannot be "a". It stands there twice'],
    [{ from: ['a', ''] }, '{ from[1] } of gather() cannot be ""'],
    [{ from: ['a'], count: 2 }, '{ count } of gather() cannot be 2. Use a whole number from 1 to 1'],
    [{ from: ['a'], quorum: 0 }, '{ quorum } of gather() cannot be 0'],
    [{ from: ['a'], quorum: 1, count: 1 }, 'Use one of them'],
    [{ from: ['a'], timeout: '5 s' }, '{ timeout } cannot be "5 s"'],
    [{ from: ['a'], form: ['b'] }, 'An option of gather() cannot be "form". Did you mean "from"?'],
    [{ form: ['a'] }, 'An option of gather() cannot be "form". Did you mean "from"?'],
    [{ from: ['a'], headers: { 'ce-id': 'x' } }, 'reserved for the framework'],
  ])('refuses %j', async (options, text) => {
    const w = world()
    const shop = await w.bus({})
    await expect(shop.gather(price, options as never)).rejects.toThrow(text)
    expect(shop.health().requests).toBe(0)
  })

  it('refuses what no endpoint could be asked with: no reply declared, no way back, a key that is none', async () => {
    const w = world()
    const shop = await w.bus({})
    await expect(shop.gather(new Note({ id: '1' }) as never, { from: ['a'] })).rejects.toMatchObject({ code: 'WAYBILL_NOT_A_MESSAGE' })
    await expect(shop.gather(new Keyed({}), { from: ['a'], key: '' })).rejects.toMatchObject({ code: 'WAYBILL_SEND_OPTION' })
    expect(shop.health().requests).toBe(0)
    const deaf = await w.bus({ name: 'deaf', transport: memory({ broker: w.broker, capabilities: { replies: 'none' } }) })
    await expect(deaf.gather(price, { from: ['a'] })).rejects.toMatchObject({ code: 'WAYBILL_NO_REPLIES' })
  })
})
