import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, Document, Event, handle, on, Query, TooLargeError } from '../../src/index.js'
import { memory } from '../../src/memory/index.js'
import { diagnosis, native, nothingLeft, onlyDeadLetter } from '../support/native.js'
import { world } from '../support/service.js'

class Store extends Command('shop.store', z.object({ text: z.string() })) {}
class Stored extends Event('shop.stored', z.object({ text: z.string() })) {}
class Scan extends Document('shop.scan', { contentType: 'image/tiff' }) {}
class Tree extends Command('shop.tree', z.object({ root: z.unknown() })) {}

const maxBodyBytes = 1_000
/** JSON of exactly so many bytes. */
const body = (bytes: number, start = '{"text":"'): string => `${start}${'x'.repeat(bytes - start.length - 2)}"}`

describe('a body larger than maxBodyBytes', () => {
  it('by one byte is a dead letter, and one of the limit is handled', async () => {
    const { clock, broker, bus } = world()
    const lengths: number[] = []
    await bus({ maxBodyBytes, handlers: [handle(Store, ({ text }) => void lengths.push(text.length))] })
    broker.publish({ endpoint: 'shop' }, { body: body(maxBodyBytes + 1), headers: native('shop.store') })
    broker.publish({ endpoint: 'shop' }, { body: body(maxBodyBytes), headers: native('shop.store') })
    await clock.settle()
    expect(lengths).toEqual([maxBodyBytes - 11])
    const letter = onlyDeadLetter(broker)
    expect(letter.body).toHaveLength(maxBodyBytes + 1)
    expect(diagnosis(letter)).toEqual({
      reason: 'too-large',
      code: 'WAYBILL_TOO_LARGE',
      handler: '*',
      text: expect.stringContaining('"shop.store" has 1001 bytes, and the limit is 1000. Send a reference to the data instead, or split it') as string,
    })
    expect(broker.depth('shop')).toEqual(nothingLeft)
  })

  it('is refused before it is parsed: one that is no JSON either has the reason of its size', async () => {
    const { clock, broker, bus } = world()
    await bus({ maxBodyBytes, handlers: [handle(Store, () => undefined)] })
    broker.publish({ endpoint: 'shop' }, { body: '{'.repeat(maxBodyBytes + 1), headers: native('shop.store') })
    await clock.settle()
    expect(diagnosis(onlyDeadLetter(broker)).reason).toBe('too-large')
  })

  it('is refused for a document too', async () => {
    const { clock, broker, bus } = world()
    const sizes: number[] = []
    await bus({ maxBodyBytes, handlers: [handle(Scan, (scan) => void sizes.push(scan.body.length))] })
    for (const bytes of [maxBodyBytes, maxBodyBytes + 1]) {
      broker.publish({ endpoint: 'shop' }, { body: new Uint8Array(bytes), headers: native('shop.scan', { ce_kind: 'document', 'content-type': 'image/tiff' }) })
    }
    await clock.settle()
    expect(sizes).toEqual([maxBodyBytes])
    expect(diagnosis(onlyDeadLetter(broker)).reason).toBe('too-large')
  })
})

describe('a reply larger than maxBodyBytes', () => {
  class Fetch extends Query('shop.fetch', z.object({ length: z.int() }), { reply: z.object({ text: z.string() }) }) {}

  it('by one byte rejects the request, and one of the limit resolves it', async () => {
    const { clock, bus } = world()
    const started = await bus({ maxBodyBytes, handlers: [handle(Fetch, ({ length }) => ({ text: 'x'.repeat(length) }))] })
    const exact = started.request(new Fetch({ length: maxBodyBytes - 11 }))
    const larger = started.request(new Fetch({ length: maxBodyBytes - 10 }))
    larger.catch(() => undefined)
    await clock.settle()
    expect((await exact).text).toHaveLength(maxBodyBytes - 11)
    await expect(larger).rejects.toMatchObject({
      code: 'WAYBILL_TOO_LARGE',
      message: expect.stringContaining('has 1001 bytes, and the limit is 1000') as string,
    })
  })
})

describe('a message larger than the transport takes', () => {
  it('throws at the call and says what to do, also inside of a handler, where nothing of it leaves', async () => {
    const { clock, broker, bus, seen } = world()
    const limits = { messageBytes: 65_536 }
    let thrown: unknown
    const sends = seen('send')
    const started = await bus({
      transport: memory({ broker, capabilities: { limits } }),
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(Store, async ({ text }, context) => {
          await context.publish(new Stored({ text: 'small' }))
          await context.publish(new Stored({ text: text.repeat(65_536) })).catch((error: unknown) => {
            thrown = error
            throw error
          })
        }),
        on(Stored, { id: 'audit' }, () => undefined),
      ],
    })
    const failing = started.send(new Store({ text: 'x'.repeat(65_536) }))
    await expect(failing).rejects.toThrow(TooLargeError)
    await expect(failing).rejects.toMatchObject({
      code: 'WAYBILL_TOO_LARGE',
      message: expect.stringMatching(/"shop.store" has \d+ bytes, and the limit is 49152. Send a reference to the data instead, or split it/) as string,
    })
    expect(sends).toEqual([])
    await started.send(new Store({ text: 'x' }))
    await clock.settle()
    expect(thrown).toBeInstanceOf(TooLargeError)
    expect(sends.map(({ purpose }) => purpose)).toEqual(['message', 'dead-letter'])
    expect(diagnosis(onlyDeadLetter(broker))).toMatchObject({ code: 'WAYBILL_TOO_LARGE', handler: 'shop.store' })
  })

  it('leaves room for its dead letter: one of the limit that fails is kept whole', async () => {
    const { clock, broker, bus } = world()
    const started = await bus({
      transport: memory({ broker, capabilities: { limits: { messageBytes: 65_536 } } }),
      retry: { immediate: 0, delayed: [] },
      handlers: [handle(Store, () => Promise.reject(new Error('no '.repeat(10_000))))],
    })
    let longest = 49_152
    for (; longest > 0; longest -= 64) {
      const sent = await started.send(new Store({ text: 'x'.repeat(longest) })).then(
        () => true,
        () => false,
      )
      if (sent) break
    }
    await clock.settle()
    expect(longest).toBeGreaterThan(47_000)
    expect(Buffer.from(onlyDeadLetter(broker).body ?? []).toString()).toBe(JSON.stringify({ text: 'x'.repeat(longest) }))
  })
})

describe('100,000 nested brackets', () => {
  it.each([
    { what: 'arrays', text: `{"root":${'['.repeat(100_000)}${']'.repeat(100_000)}}` },
    { what: 'objects', text: `${'{"root":'.repeat(100_000)}null${'}'.repeat(100_000)}` },
    { what: 'arrays that do not end', text: `{"root":${'['.repeat(100_000)}` },
    { what: 'arrays behind a text with brackets and escapes', text: `{"text":"]]\\"]]\\\\","root":${'['.repeat(100_000)}${']'.repeat(100_000)}}` },
  ])('are a dead letter and end nothing: $what', async ({ text }) => {
    const { clock, broker, bus } = world()
    const calls: unknown[] = []
    await bus({ handlers: [handle(Tree, ({ root }) => void calls.push(root))] })
    broker.publish({ endpoint: 'shop' }, { body: text, headers: native('shop.tree') })
    broker.publish({ endpoint: 'shop' }, { body: '{"root":"[[[[good"}', headers: native('shop.tree') })
    await clock.settle()
    expect(calls).toEqual(['[[[[good'])
    const letter = onlyDeadLetter(broker)
    expect(Buffer.from(letter.body ?? []).toString()).toBe(text)
    expect(diagnosis(letter)).toMatchObject({
      reason: 'body-too-deep',
      code: 'WAYBILL_BODY_TOO_DEEP',
      text: expect.stringContaining('Mend the sender') as string,
    })
  })

  it('in a text are only a text', async () => {
    const { clock, broker, bus } = world()
    const calls: unknown[] = []
    await bus({ handlers: [handle(Tree, ({ root }) => void calls.push(root))] })
    const root = '['.repeat(100_000)
    broker.publish({ endpoint: 'shop' }, { body: JSON.stringify({ root }), headers: native('shop.tree') })
    await clock.settle()
    expect(calls).toEqual([root])
  })

  it('in data of one’s own throw at the call', async () => {
    const { bus } = world()
    const started = await bus({ handlers: [handle(Tree, () => undefined)] })
    await started.send(new Tree({ root: null }))
    const failing = started.send(new Tree({ root: nested(100_000) }))
    await expect(failing).rejects.toMatchObject({ code: 'WAYBILL_INVALID_MESSAGE', message: expect.stringContaining('it cannot be written as JSON') as string })
    await expect(failing).rejects.toThrow('Mend the data')
  })

  it('is not begun by data that its receiver would refuse: 512 levels leave, 513 do not', async () => {
    const { clock, broker, bus } = world()
    let depths = 0
    const started = await bus({ handlers: [handle(Tree, () => void (depths += 1))] })
    await started.send(new Tree({ root: nested(511) }))
    await expect(started.send(new Tree({ root: nested(512) }))).rejects.toMatchObject({
      code: 'WAYBILL_INVALID_MESSAGE',
      message: expect.stringContaining('it is nested deeper than 512') as string,
    })
    await clock.settle()
    expect(depths).toBe(1)
    expect(broker.deadLetters()).toEqual([])
  })
})

function nested(levels: number): unknown {
  let value: unknown = []
  for (let level = 1; level < levels; level += 1) value = [value]
  return value
}
