import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, createBus, Event, handle, InvalidSendOptionError, on, type MessageContext } from '../../src/index.js'
import { memory } from '../../src/memory/index.js'
import { diagnosis, native, onlyDeadLetter } from '../support/native.js'
import { Note, world } from '../support/service.js'

class Open extends Command('shop.open', z.looseObject({ id: z.string() })) {}
class Keyed extends Command('shop.keyed', z.object({ id: z.string(), by: z.string() }), { key: 'by' }) {}

const clean = Object.getOwnPropertyNames(Object.prototype).sort()
afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(clean)
  expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined()
})

describe('a body with __proto__', () => {
  it.each([
    { where: 'at the top', body: '{"id":"1","__proto__":{"polluted":true}}' },
    { where: 'deep inside', body: '{"id":"1","lines":[{"sku":{"__proto__":{"polluted":true}}}]}' },
    { where: 'behind an escape', body: '{"id":"1","\\u005f\\u005fproto__":{"polluted":true}}' },
    { where: 'as a text', body: '{"id":"1","__proto__":"polluted"}' },
  ])('$where is a dead letter, also where the schema lets every field through', async ({ body }) => {
    const { clock, broker, bus } = world()
    const calls: unknown[] = []
    await bus({ handlers: [handle(Open, (message) => void calls.push(message))] })
    broker.publish({ endpoint: 'shop' }, { body, headers: native('shop.open') })
    broker.publish({ endpoint: 'shop' }, { body: '{"id":"good"}', headers: native('shop.open') })
    await clock.settle()
    expect(calls).toEqual([expect.objectContaining({ id: 'good' })])
    const letter = onlyDeadLetter(broker)
    expect(Buffer.from(letter.body ?? []).toString()).toBe(body)
    expect(diagnosis(letter)).toMatchObject({
      reason: 'body-forbidden-name',
      code: 'WAYBILL_BODY_FORBIDDEN_NAME',
      text: expect.stringContaining('Mend the sender') as string,
    })
  })

  it('as a value is a text like any other', async () => {
    const { clock, broker, bus } = world()
    const ids: string[] = []
    await bus({ handlers: [handle(Open, ({ id }) => void ids.push(id))] })
    broker.publish({ endpoint: 'shop' }, { body: '{"id":"__proto__"}', headers: native('shop.open') })
    await clock.settle()
    expect(ids).toEqual(['__proto__'])
  })

  it('cannot be made into a message', () => {
    const data = JSON.parse('{"id":"1","__proto__":{"polluted":true}}') as { id: string }
    // zod 4 leaves the field away; a schema that keeps it is refused.
    const made = new Open(data)
    expect(made).toBeInstanceOf(Open)
    expect(Object.keys(made)).toEqual(['id'])
  })
})

describe('data with __proto__ deep inside', () => {
  class Any extends Command('shop.any', z.object({ data: z.unknown() }), { reply: z.object({ value: z.unknown() }) }) {}
  const data: unknown = JSON.parse('{"lines":[{"__proto__":{"polluted":true}}]}')

  it('is refused at the call: its receiver would not read it', async () => {
    const { bus, seen } = world()
    const sends = seen('send')
    const started = await bus({ handlers: [handle(Any, () => ({ value: null }))] })
    await started.send(new Any({ data: 'a text with "__proto__": in it' }))
    await expect(started.send(new Any({ data }))).rejects.toMatchObject({
      code: 'WAYBILL_INVALID_MESSAGE',
      message: expect.stringContaining('it has a field "__proto__", and no receiver would read it. Mend the data') as string,
    })
    expect(sends).toHaveLength(1)
  })

  it('is refused as a reply', async () => {
    const { clock, bus } = world()
    const started = await bus({ handlers: [handle(Any, () => ({ value: data }))] })
    const reply = started.request(new Any({ data: null }))
    reply.catch(() => undefined)
    await clock.settle()
    await expect(reply).rejects.toMatchObject({
      code: 'WAYBILL_REMOTE',
      remoteCode: 'WAYBILL_INVALID_REPLY',
      remoteMessage: expect.stringContaining('Return what the declared reply says') as string,
    })
  })
})

describe('a body with constructor.prototype', () => {
  it('reaches the handler as data of its own and changes no other object', async () => {
    const { clock, broker, bus } = world()
    const seen: Open[] = []
    await bus({ handlers: [handle(Open, (message) => void seen.push(message))] })
    broker.publish({ endpoint: 'shop' }, { body: '{"id":"1","constructor":{"prototype":{"polluted":true}}}', headers: native('shop.open') })
    await clock.settle()
    expect(broker.deadLetters()).toEqual([])
    expect(seen).toHaveLength(1)
    expect(seen[0]).toBeInstanceOf(Open)
    expect(Object.hasOwn(seen[0] ?? {}, 'constructor')).toBe(true)
    expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('headers with the names of members of every object', () => {
  const names = ['constructor', 'prototype', 'hasOwnProperty', 'toString', 'constructor.prototype', 'valueOf']

  it('travel like any other', async () => {
    const { clock, bus } = world()
    const seen: Record<string, string>[] = []
    const started = await bus({ handlers: [handle(Note, (_, context) => void seen.push({ ...context.headers }))] })
    await started.send(new Note({ id: '1' }), { headers: Object.fromEntries(names.map((name) => [name, `value of ${name}`])) })
    await clock.settle()
    expect(seen).toEqual([Object.fromEntries(names.map((name) => [name, `value of ${name}`]))])
  })

  it('have no prototype that could answer for a header which is not there', async () => {
    const { clock, broker, bus } = world()
    let context: MessageContext | undefined
    await bus({ handlers: [handle(Note, (_, given) => void (context = given))] })
    broker.publish({ endpoint: 'shop' }, { body: '{"id":"1"}', headers: native('shop.note', { 'x-any': '1' }) })
    await clock.settle()
    expect(Object.getPrototypeOf(context?.headers ?? {})).toBeNull()
    expect(context?.headers['constructor']).toBeUndefined()
  })

  it('called __proto__ are refused at the call', async () => {
    const started = await world().bus({ handlers: [handle(Note, () => undefined)] })
    const headers = JSON.parse('{"__proto__":"polluted"}') as Record<string, string>
    await expect(started.send(new Note({ id: '1' }), { headers })).rejects.toThrow(InvalidSendOptionError)
    await expect(started.send(new Note({ id: '1' }), { headers })).rejects.toThrow(/"__proto__".*Choose another name.*\(WAYBILL_SEND_OPTION\)/s)
  })

  it('called __proto__ that come from elsewhere stay a header', async () => {
    const { clock, broker, bus } = world()
    const seen: (string | undefined)[] = []
    await bus({
      handlers: [
        handle(
          Note,
          { retry: { immediate: 0, delayed: ['10s'] } },
          (_, { headers }) => (seen.push(Object.entries(headers).find(([name]) => name === '__proto__')?.[1]), Promise.reject(new Error('again'))),
        ),
      ],
    })
    const headers = Object.assign(Object.create(null) as Record<string, string>, native('shop.note'))
    headers['__proto__'] = 'foreign'
    broker.publish({ endpoint: 'shop' }, { body: '{"id":"1"}', headers })
    await clock.advance(10_000)
    expect(seen).toEqual(['foreign', 'foreign'])
    expect(Object.entries(onlyDeadLetter(broker).headers)).toContainEqual(['__proto__', 'foreign'])
  })
})

describe('keys with the names of members of every object', () => {
  class Moved extends Event('shop.moved', z.object({ id: z.string(), by: z.string() }), { key: 'by', ordered: true }) {}

  it.each(['__proto__', 'constructor', 'constructor.prototype'])('such as %s keep their order', async (key) => {
    const { clock, bus } = world()
    const seen: string[] = []
    const started = await bus({ handlers: [on(Moved, { id: 'mover' }, ({ id, by }, context) => void seen.push(`${id} ${by} ${context.key}`))] })
    for (const id of ['1', '2', '3']) await started.publish(new Moved({ id, by: key }))
    await clock.settle()
    expect(seen).toEqual(['1', '2', '3'].map((id) => `${id} ${key} ${key}`))
  })

  it('travel on an endpoint without order', async () => {
    const { clock, bus } = world()
    const seen: (string | undefined)[] = []
    const started = await bus({ handlers: [handle(Keyed, (_, { key }) => void seen.push(key))] })
    await started.send(new Keyed({ id: '1', by: '__proto__' }))
    await started.send(new Keyed({ id: '2', by: 'x' }), { key: 'constructor' })
    await clock.settle()
    expect(seen).toEqual(['__proto__', 'constructor'])
  })
})

describe('types with the names of members of every object', () => {
  it.each(['__proto__.move', 'constructor.prototype'])('such as %s are routed and handled like any other', async (type) => {
    class Odd extends Command(type, z.object({ id: z.string() })) {}
    const { clock, broker } = world()
    const ids: string[] = []
    const bus = createBus({
      name: 'odd',
      transport: memory({ broker }),
      clock,
      routes: { [type]: 'odd' },
      handlers: [handle(Odd, ({ id }) => void ids.push(id))],
    })
    await bus.start()
    expect((await bus.describe()).routes).toEqual({ [type]: 'endpoint odd' })
    await bus.send(new Odd({ id: '1' }))
    await clock.settle()
    await bus.stop()
    expect(ids).toEqual(['1'])
  })

  it('are no endpoints', async () => {
    class Odd extends Command('__proto__.move', z.object({ id: z.string() })) {}
    const bus = createBus({ name: 'odd', transport: 'memory:', handlers: [handle(Odd, () => undefined)] })
    await expect(bus.start()).rejects.toMatchObject({
      code: 'WAYBILL_CONFIGURATION',
      message: expect.stringContaining('Add to the options here and of every sender: routes: { "__proto__.move": "odd" }') as string,
    })
  })
})
