import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, handle, InvalidMessageError, type FunctionHandler, type Middleware, type RequestOptions } from '../../src/index.js'
import { diagnosis, onlyDeadLetter } from '../support/native.js'
import { Find, Note, world } from '../support/service.js'

const Line = z.object({ sku: z.string(), quantity: z.number().int() })
class PlaceOrder extends Command('shop.place-order', z.object({ orderId: z.uuid(), lines: z.array(Line).min(1) }), {
  reply: z.object({ total: z.number() }),
}) {}
const order = { orderId: '019b76da-a800-7000-8000-00000000000a', lines: [{ sku: 'a', quantity: 1 }] }

/** A reply that the compiler would refuse. */
const answering = (reply: unknown, handled: string[] = []): FunctionHandler =>
  handle(PlaceOrder, (({ orderId }: PlaceOrder) => (handled.push(orderId), reply)) as () => { total: number })

describe('wrong data', () => {
  it('throws where the message is made, and names the type and every field', () => {
    const wrong = { orderId: 'x', lines: [{ sku: 1, quantity: 1 }] } as unknown as typeof order
    let error: unknown
    try {
      new PlaceOrder(wrong)
    } catch (caught) {
      error = caught
    }
    if (!(error instanceof InvalidMessageError)) throw new Error('no InvalidMessageError')
    expect(error.code).toBe('WAYBILL_INVALID_MESSAGE')
    expect(error.issues.map(({ path }) => path)).toEqual(['orderId', 'lines[0].sku'])
    for (const part of ['"shop.place-order"', 'orderId: ', 'lines[0].sku: ', 'Mend the data, or the schema of the message'])
      expect(error.message).toContain(part)
  })
})

describe('a wrong reply', () => {
  it.each([
    { what: 'of the wrong type', reply: { total: 'much' }, says: 'total: ' },
    { what: 'without a field', reply: {}, says: 'total: ' },
    { what: 'that is undefined', reply: undefined, says: 'violates its schema' },
    { what: 'that is null', reply: null, says: 'violates its schema' },
  ])('$what fails the handler once: the caller gets a fault, the message a dead letter', async ({ reply, says }) => {
    const { clock, broker, bus } = world()
    const handled: string[] = []
    const started = await bus({ handlers: [answering(reply, handled)] })
    const asked = started.request(new PlaceOrder(order))
    asked.catch(() => undefined)
    await clock.settle()
    await expect(asked).rejects.toMatchObject({ code: 'WAYBILL_REMOTE', remoteCode: 'WAYBILL_INVALID_REPLY', handler: 'shop.place-order', attempt: 1 })
    await expect(asked).rejects.toMatchObject({ remoteMessage: expect.stringContaining('Return what the declared reply says') as string })
    await expect(asked).rejects.toMatchObject({ remoteMessage: expect.stringContaining(says) as string })
    expect(handled).toHaveLength(1)
    expect(diagnosis(onlyDeadLetter(broker))).toMatchObject({ reason: 'unrecoverable', code: 'WAYBILL_INVALID_REPLY', handler: 'shop.place-order' })
  })

  it('is no failure where nobody waits for it', async () => {
    const { clock, broker, bus } = world()
    const handled: string[] = []
    const started = await bus({ handlers: [answering('nothing', handled)] })
    await started.send(new PlaceOrder(order))
    await clock.settle()
    expect(handled).toHaveLength(1)
    expect(broker.deadLetters()).toEqual([])
  })

  it('to a query leaves no dead letter: its asker was told', async () => {
    const { clock, broker, bus } = world()
    const started = await bus({ handlers: [handle(Find, (() => ({ id: 1 })) as unknown as () => { id: string })] })
    const asked = started.request(new Find({ id: '1' }))
    asked.catch(() => undefined)
    await clock.settle()
    await expect(asked).rejects.toMatchObject({ remoteCode: 'WAYBILL_INVALID_REPLY' })
    expect(broker.deadLetters()).toEqual([])
  })

  it.each([
    { what: 'is no JSON', body: '<total/>', code: 'WAYBILL_BODY_NOT_JSON' },
    { what: 'is empty', body: '', code: 'WAYBILL_BODY_EMPTY' },
    { what: 'violates the schema of the requester', body: '{"total":"much"}', code: 'WAYBILL_INVALID_REPLY' },
    { what: 'has a field __proto__', body: '{"total":1,"__proto__":{}}', code: 'WAYBILL_BODY_FORBIDDEN_NAME' },
  ])('that $what when it arrives rejects the request', async ({ body, code }) => {
    const { clock, bus } = world()
    const isReply = (bytes: Uint8Array): boolean => Buffer.from(bytes).toString() === '{"total":1}'
    const spoil: Middleware = {
      name: 'spoil',
      incoming: { wire: (context, next) => ((context.body = isReply(context.body) ? Buffer.from(body) : context.body), next(context)) },
    }
    const started = await bus({ middleware: [spoil], handlers: [answering({ total: 1 })] })
    const asked = started.request(new PlaceOrder(order))
    asked.catch(() => undefined)
    await clock.settle()
    await expect(asked).rejects.toMatchObject({ code })
    expect(started.health().requests).toBe(0)
  })
})

describe('a request', () => {
  it.each([
    { what: 'an unknown option', options: { timeOut: '5s' }, says: 'An option of request() cannot be "timeOut". Did you mean "timeout"?' },
    { what: 'a delay', options: { delay: '5s' }, says: 'An option of request() cannot be "delay"' },
    { what: 'a time-out without a unit', options: { timeout: 5 }, says: '{ timeout } cannot be 5. Use a duration' },
  ])('with $what is refused at the call', async ({ options, says }) => {
    const started = await world().bus({ handlers: [answering({ total: 1 })] })
    await expect(started.request(new PlaceOrder(order), options as unknown as RequestOptions)).rejects.toMatchObject({
      code: 'WAYBILL_SEND_OPTION',
      message: expect.stringContaining(says) as string,
    })
  })
})

describe('a request with an id that waits for its reply already', () => {
  it('is refused, and the first one gets its reply', async () => {
    const { clock, bus, seen } = world()
    const sends = seen('send')
    const started = await bus({ handlers: [answering({ total: 7 })] })
    const first = started.request(new PlaceOrder(order), { id: 'twice' })
    await expect(started.request(new PlaceOrder(order), { id: 'twice' })).rejects.toMatchObject({
      code: 'WAYBILL_SEND_OPTION',
      message: expect.stringMatching(/The id .*"twice".*waits for its reply/) as string,
    })
    await clock.settle()
    await expect(first).resolves.toEqual({ total: 7 })
    expect(sends.map(({ purpose }) => purpose)).toEqual(['message', 'reply'])
    const again = started.request(new PlaceOrder(order), { id: 'twice' })
    await clock.settle()
    await expect(again).resolves.toEqual({ total: 7 })
    expect(started.health().requests).toBe(0)
  })
})

describe('what a schema leaves away', () => {
  it('does not travel', async () => {
    const { clock, bus } = world()
    const seen: Note[] = []
    const started = await bus({ handlers: [handle(Note, (note) => void seen.push(note))] })
    await started.send(new Note({ id: '1', more: true } as { id: string }))
    await clock.settle()
    expect(seen.map((note) => Object.keys(note))).toEqual([['id']])
  })
})
