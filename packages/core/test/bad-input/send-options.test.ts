import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, Event, handle, NotAMessageError, on, type Bus, type Middleware, type SendOptions } from '../../src/index.js'
import { diagnosis, native, onlyDeadLetter } from '../support/native.js'
import { Note, Placed, world } from '../support/service.js'

const control = [
  ['CR', '\r'],
  ['LF', '\n'],
  ['NUL', '\0'],
  ['CRLF and another header', '\r\nx-injected: 1'],
  ['half of a surrogate pair', '\ud83c'],
] as const

async function started(middleware: readonly Middleware[] = []): Promise<{ readonly bus: Bus; readonly left: () => number }> {
  const w = world()
  const sends = w.seen('send')
  const bus = await w.bus({ middleware, handlers: [handle(Note, () => undefined), on(Placed, { id: 'billing' }, () => undefined)] })
  return { bus, left: () => sends.length }
}

async function refusal(options: Readonly<Record<string, unknown>>, middleware: readonly Middleware[] = []): Promise<Error & { readonly code: string }> {
  const { bus, left } = await started(middleware)
  const error: unknown = await bus.send(new Note({ id: '1' }), options as SendOptions).catch((caught: unknown) => caught)
  expect(left()).toBe(0)
  await expect(bus.publish(new Placed({ id: '1' }), options as SendOptions)).rejects.toMatchObject({ code: 'WAYBILL_SEND_OPTION' })
  expect(left()).toBe(0)
  expect(error).toBeInstanceOf(Error)
  return error as Error & { readonly code: string }
}

describe.each(control)('%s', (_, text) => {
  it('in the name of a header is refused at the call', async () => {
    const error = await refusal({ headers: { [`x${text}y`]: 'value' } })
    expect(error).toMatchObject({ code: 'WAYBILL_SEND_OPTION', message: expect.stringContaining('Use visible characters') as string })
    expect(error.message).toContain(JSON.stringify(`x${text}y`))
  })

  it('in the value of a header is refused at the call, without a raw copy of it in the message', async () => {
    const error = await refusal({ headers: { 'x-note': `before${text}after` } })
    expect(error).toMatchObject({ code: 'WAYBILL_SEND_OPTION', message: expect.stringContaining('Encode it, for example as base64') as string })
    expect(error.message).toContain('"x-note"')
    expect(error.message).not.toContain(`before${text}after`)
  })

  it('in a header that a middleware sets is refused at the call', async () => {
    const stamp: Middleware = { name: 'stamp', outgoing: { message: (context, next) => ((context.headers['x-note'] = `a${text}b`), next(context)) } }
    expect(await refusal({}, [stamp])).toMatchObject({ code: 'WAYBILL_SEND_OPTION', message: expect.stringContaining('Encode it') as string })
  })

  it('in a header that a wire step sets is refused at the call', async () => {
    const stamp: Middleware = { name: 'stamp', outgoing: { wire: (context, next) => ((context.headers['x-note'] = `a${text}b`), next(context)) } }
    expect(await refusal({}, [stamp])).toMatchObject({ code: 'WAYBILL_SEND_OPTION', message: expect.stringContaining('Encode it') as string })
  })

  it('in a key or an id is refused at the call', async () => {
    expect(await refusal({ key: `a${text}b` })).toMatchObject({
      code: 'WAYBILL_SEND_OPTION',
      message: expect.stringContaining('Use a text of 1 to 255 characters without control characters') as string,
    })
    expect(await refusal({ id: `a${text}b` })).toMatchObject({ code: 'WAYBILL_SEND_OPTION', message: expect.stringContaining('best a UUID') as string })
  })

  it('in headers of a foreign message goes through retries and dead letters as it came', async () => {
    const { clock, broker, bus } = world()
    await bus({ handlers: [handle(Note, { retry: { immediate: 0, delayed: ['10s'] } }, () => Promise.reject(new Error('no')))] })
    broker.publish({ endpoint: 'shop' }, { body: '{"id":"1"}', headers: native('shop.note', { [`x${text}y`]: `a${text}b` }) })
    await clock.advance(10_000)
    expect(onlyDeadLetter(broker).headers[`x${text}y`]).toBe(`a${text}b`)
  })
})

describe('a send option', () => {
  it.each([
    { what: 'a reserved header', options: { headers: { 'waybill-attempt': '9' } }, says: 'It is reserved for the framework. Choose another name' },
    { what: 'a CloudEvents attribute as header', options: { headers: { ce_id: '1' } }, says: 'It is reserved for the framework' },
    { what: 'a reserved header in upper case', options: { headers: { 'CE-ID': '1' } }, says: 'It is reserved for the framework' },
    { what: 'the content type as header', options: { headers: { 'Content-Type': 'text/plain' } }, says: 'It is reserved for the framework' },
    { what: 'a header without a name', options: { headers: { '': 'x' } }, says: 'Use visible characters' },
    { what: 'a header that is a number', options: { headers: { count: 1 } }, says: 'The header "count" cannot be 1. Make it a text: String(value)' },
    { what: 'an empty key', options: { key: '' }, says: 'Use a text of 1 to 255 characters' },
    { what: 'a key of 256 characters', options: { key: 'k'.repeat(256) }, says: 'Use a text of 1 to 255 characters' },
    { what: 'a key that is a number', options: { key: 7 }, says: 'The key of "shop.note" cannot be 7' },
    { what: 'an empty id', options: { id: '' }, says: 'The id cannot be ""' },
    { what: 'a delay without a unit', options: { delay: '10' }, says: '{ delay } cannot be "10". Use a duration such as "250ms", "5s", "10m"' },
    { what: 'a negative delay', options: { delay: '-5s' }, says: '{ delay } cannot be "-5s"' },
    { what: 'an expiry before the delay', options: { delay: '10s', expiresIn: '5s' }, says: 'Make it longer' },
  ])('that is $what is refused at the call, and nothing leaves', async ({ options, says }) => {
    expect(await refusal(options)).toMatchObject({
      name: 'InvalidSendOptionError',
      code: 'WAYBILL_SEND_OPTION',
      message: expect.stringContaining(says) as string,
    })
  })

  it('that does not exist is refused with the name of the nearest one', async () => {
    expect(await refusal({ header: { a: 'b' } })).toMatchObject({ code: 'WAYBILL_SEND_OPTION', message: expect.stringContaining('headers') as string })
  })
})

describe('a destination', () => {
  class Refund extends Command('refund', z.object({ id: z.string() })) {}
  class Pay extends Command('billing.pay', z.object({ id: z.string() })) {}
  class Moved extends Event('shop.moved', z.object({ id: z.string() }), { key: 'id', ordered: true }) {}

  it('that nothing names is an error that says how to name it', async () => {
    const { bus } = await started()
    await expect(bus.send(new Refund({ id: '1' }))).rejects.toMatchObject({
      code: 'WAYBILL_NO_ROUTE',
      message: expect.stringContaining('No route for command "refund". Give the type a first segment') as string,
    })
  })

  it('that the broker does not have is an error that names it', async () => {
    const { bus } = await started()
    await expect(bus.send(new Pay({ id: '1' }))).rejects.toMatchObject({
      code: 'WAYBILL_SEND',
      message: expect.stringMatching(
        /1 of 1 message was not taken by memory\n {2}billing\.pay .* refused: The memory broker does not have the endpoint "billing".*is the endpoint "billing" provisioned\?/,
      ) as string,
      failures: [expect.objectContaining({ type: 'billing.pay', outcome: 'refused', retryable: false })],
    })
  })

  it('that is ordered needs a key', async () => {
    const { bus, left } = await started()
    await expect(bus.publish(new Moved({ id: '' }))).rejects.toMatchObject({
      code: 'WAYBILL_MISSING_KEY',
      message: expect.stringContaining('Give the declaration a key, or the call { key }') as string,
    })
    expect(left()).toBe(0)
  })
})

describe('a signal that has aborted', () => {
  it('ends the call before anything leaves', async () => {
    const { bus, left } = await started()
    const reason = new Error('changed my mind')
    await expect(bus.send(new Note({ id: '1' }), { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      code: 'WAYBILL_ABORTED',
      message: expect.stringContaining('Send it again with the same id if it must arrive') as string,
      cause: reason,
    })
    expect(left()).toBe(0)
  })
})

describe('what is no message', () => {
  it.each([
    { what: 'a literal', value: { id: '1' }, quoted: 'an object' },
    { what: 'a spread copy', value: Object.assign({}, new Note({ id: '1' })), quoted: 'an object' },
    { what: 'a class', value: Note, quoted: 'Note' },
    { what: 'null', value: null, quoted: 'null' },
    { what: 'undefined', value: undefined, quoted: 'undefined' },
    { what: 'an event', value: new Placed({ id: '1' }), quoted: 'the event shop.placed' },
  ])('is refused by send: $what', async ({ value, quoted }) => {
    const { bus, left } = await started()
    const failing = bus.send(value as Note)
    await expect(failing).rejects.toThrow(NotAMessageError)
    await expect(failing).rejects.toMatchObject({ code: 'WAYBILL_NOT_A_MESSAGE', message: expect.stringContaining(quoted) as string })
    await expect(failing).rejects.toThrow('Make one: new PlaceOrder({ … })')
    expect(left()).toBe(0)
  })

  it('is refused by publish and request: a command, and a command without reply', async () => {
    const { bus } = await started()
    await expect(bus.publish(new Note({ id: '1' }) as unknown as Placed)).rejects.toMatchObject({
      code: 'WAYBILL_NOT_A_MESSAGE',
      message: expect.stringContaining('the command shop.note') as string,
    })
    await expect(bus.request(new Note({ id: '1' }) as never)).rejects.toMatchObject({
      code: 'WAYBILL_NOT_A_MESSAGE',
      message: expect.stringContaining('declares no reply') as string,
    })
  })
})

describe('what steers the framework', () => {
  it('is not obeyed when it comes through a topic', async () => {
    const { clock, broker, bus } = world()
    const calls: string[] = []
    await bus({ handlers: [on(Placed, { id: 'one' }, () => void calls.push('one')), on(Placed, { id: 'two' }, () => void calls.push('two'))] })
    const deliverAt = String(clock.now() + 3_600_000)
    broker.publish(
      { topic: 'shop.placed' },
      {
        body: '{"id":"1"}',
        headers: native('shop.placed', { ce_kind: 'event', 'waybill-target-handler': 'two', 'waybill-attempt': '99', 'waybill-deliver-at': deliverAt }),
      },
    )
    await clock.settle()
    expect(calls).toEqual(['one', 'two'])
    expect(broker.deadLetters()).toEqual([])
  })

  it.each([
    { name: 'waybill-attempt', value: '-1' },
    { name: 'waybill-attempt', value: 'many' },
    { name: 'waybill-attempt', value: '99999999999999999999' },
    { name: 'waybill-deliver-at', value: 'soon' },
    { name: 'waybill-deliver-at', value: '' },
    { name: 'waybill-unknown-attempt', value: 'NaN' },
    { name: 'waybill-target-handler', value: '' },
  ])('and is no value of its kind counts as absent: $name "$value"', async ({ name, value }) => {
    const { clock, broker, bus } = world()
    const attempts: number[] = []
    await bus({ handlers: [handle(Note, (_, { attempt }) => void attempts.push(attempt))] })
    broker.publish({ endpoint: 'shop' }, { body: '{"id":"1"}', headers: native('shop.note', { [name]: value }) })
    await clock.settle()
    expect(attempts).toEqual([1])
    expect(broker.deadLetters()).toEqual([])
  })

  it('and expiry that lies in the past is a dead letter', async () => {
    const { clock, broker, bus } = world()
    await bus({ handlers: [handle(Note, () => undefined)] })
    broker.publish({ endpoint: 'shop' }, { body: '{"id":"1"}', headers: native('shop.note', { ce_expiresat: String(clock.now() - 5_001) }) })
    await clock.settle()
    expect(diagnosis(onlyDeadLetter(broker))).toMatchObject({
      reason: 'expired',
      code: 'WAYBILL_EXPIRED',
      text: expect.stringContaining('Raise expiresIn, or add consumers') as string,
    })
  })
})
