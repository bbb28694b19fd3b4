import { Command, Document, handle } from '@waybill/core'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Attachment, CancelOrder, PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const filled = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, index) => (index * 31) % 256)

export const sizes: Scenario = {
  id: 'PL-01',
  title: 'bodies of 0, 1, 1,024 and 65,536 bytes arrive byte for byte',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 4,
  async run(lab) {
    const seen: string[] = []
    const bus = await lab.bus({ handlers: [handle(Attachment, ({ body }) => void seen.push(`${body.length} ${digest(body)}`))] })
    const bodies = [0, 1, 1_024, 65_536].map(filled)
    for (const body of bodies) await lab.send(bus, new Attachment(body))
    await lab.quiet()
    lab.check('each as it was').sameMembers(
      seen,
      bodies.map((body) => `${body.length} ${digest(body)}`),
    )
  },
}

class Bulky extends Command('orders.bulky', z.object({ text: z.string() })) {}

export const tooLarge: Scenario = {
  id: 'PL-02',
  title: 'a message that is too large for its endpoint is refused at the call with its size and the limit; nothing leaves, and the next one works',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const limits = {
      limits: {
        endpoint: { messageBytes: 100_000, batchCount: 10, batchBytes: 1_000_000 },
        topic: { messageBytes: 100_000, batchCount: 10, batchBytes: 1_000_000 },
      },
    } as const
    const handled: number[] = []
    await lab.bus({ capabilities: limits, handlers: [handle(Bulky, ({ text }) => void handled.push(text.length))] })
    const caller = await lab.bus({ capabilities: limits })
    const error = await lab.rejection(lab.send(caller, new Bulky({ text: 'x'.repeat(100_000) })))
    lab.check('it is refused').error(error, { code: 'WAYBILL_TOO_LARGE' })
    lab.check('with size and limit').matches(error instanceof Error ? error.message : '', /\d{5,}.*\d{5,}/)
    lab.check('nothing left').empty(lab.seen('send'))
    await lab.send(caller, new Bulky({ text: 'x'.repeat(50_000) }))
    await lab.quiet()
    lab.check('the next one works').equal(handled, [50_000])
  },
}

export const batchSum: Scenario = {
  id: 'PL-03',
  title: 'ten messages that are legal each and too large together are split into calls, and all arrive',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 10,
  async run(lab) {
    const limits = {
      limits: {
        endpoint: { messageBytes: 200_000, batchCount: 10, batchBytes: 250_000 },
        topic: { messageBytes: 200_000, batchCount: 10, batchBytes: 250_000 },
      },
    } as const
    const handled: string[] = []
    await lab.bus({ handlers: [handle(Bulky, ({ text }) => void handled.push(text.slice(0, 1)))] })
    const caller = await lab.bus({ capabilities: limits })
    const letters = Array.from('abcdefghij')
    const errors = await Promise.all(letters.map((letter) => lab.rejection(lab.send(caller, new Bulky({ text: letter.repeat(100_000) })))))
    lab.check('all of them are confirmed').empty(errors.filter((error) => error !== undefined))
    await lab.quiet()
    lab.check('all of them arrive').sameMembers(handled, letters)
  },
}

export const binary: Scenario = {
  id: 'PL-05',
  title: 'a body of every byte value arrives as it is',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const seen: number[][] = []
    const bus = await lab.bus({ handlers: [handle(Attachment, ({ body }) => void seen.push([...body]))] })
    await lab.send(bus, new Attachment(Uint8Array.from({ length: 256 }, (_, index) => index)))
    await lab.quiet()
    lab.check('byte for byte').equal(seen, [Array.from({ length: 256 }, (_, index) => index)])
  },
}

const texts = ['🙂👩‍👩‍👧', 'שלום', 'e\u0301 and é', '\u0000', '\uFFFE\uFFFF', '\u2028\u2029', 'tab\tnew\nline', '"\\"', '']

export const unicode: Scenario = {
  id: 'PL-06',
  title: 'any text in a body arrives as it was; half of a surrogate pair is refused or arrives as it was',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: texts.length,
  async run(lab) {
    const seen: string[] = []
    const bus = await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void seen.push(id))] })
    for (const id of texts) await lab.send(bus, new CancelOrder({ id }))
    const lone = '\ud800 alone'
    const error = await lab.rejection((async () => lab.send(bus, new CancelOrder({ id: lone })))())
    await lab.quiet()
    lab.check('each as it was').sameMembers(
      seen.filter((text) => text !== lone),
      texts,
    )
    lab.check('half a pair: refused, or kept').isTrue(error === undefined ? seen.includes(lone) : !seen.some((text) => text.includes('alone')))
  },
}

export const jsonCorners: Scenario = {
  id: 'PL-12',
  title: 'data that JSON does not bring back as it was is refused when the message is made or sent, and names its place',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    // Of each run: a class is proven once.
    class Odd extends Command('orders.odd', z.object({ value: z.unknown() })) {}
    const handled: unknown[] = []
    const bus = await lab.bus({ handlers: [handle(Odd, ({ value }) => void handled.push(value))] })
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    for (const value of [1n, new Map([[1, 2]]), cycle, Number.POSITIVE_INFINITY, Number.NaN, new Date(0)]) {
      const error = await lab.rejection((async () => lab.send(bus, new Odd({ value })))())
      lab.check(`${typeof value} ${Object.prototype.toString.call(value)} is refused`).error(error, { code: /^WAYBILL_/, message: /\b(value|self)\b/ })
    }
    for (const value of [{ deep: [1, { a: null }] }, 'text']) await lab.send(bus, new Odd({ value }))
    await lab.quiet()
    lab.check('what JSON can carry arrives').equal(handled, [{ deep: [1, { a: null }] }, 'text'])
  },
}

class Scan extends Document('orders.scan', { contentType: 'application/pdf' }) {}

export const contentTypes: Scenario = {
  id: 'PL-14',
  title: 'a message is a CloudEvent in binary mode: its attributes and its content type arrive as they were declared',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    await lab.bus({ handlers: [handle(Scan, () => undefined), handle(PlaceOrder, ({ id }) => ({ id, total: 1 }))] })
    const caller = await lab.bus()
    // Not at a full second, which says nothing of the milliseconds.
    await lab.pass(123)
    await lab.send(caller, new Scan(new Uint8Array([1])), { id: 'scan-1' })
    await lab.send(caller, new PlaceOrder({ id: 'o1' }), { id: 'order-1' })
    await lab.quiet()
    const seen = lab
      .seen('deliver')
      .map(({ delivery: { envelope } }) => envelope && [envelope.id, envelope.type, envelope.contentType, envelope.kind, envelope.version, envelope.source])
    lab.check('the attributes').equal(
      seen.toSorted((a, b) => ((a?.[0] ?? '') < (b?.[0] ?? '') ? -1 : 1)),
      [
        ['order-1', 'orders.place', 'application/json', 'command', 1, 'caller'],
        ['scan-1', 'orders.scan', 'application/pdf', 'document', 1, 'caller'],
      ],
    )
    const sentAt = new Map(lab.seen('send').map(({ outgoing: { envelope } }) => [envelope.id, envelope.time]))
    for (const { delivery } of lab.seen('deliver'))
      lab.check('its time, to the millisecond').equal(delivery.envelope?.time, sentAt.get(delivery.envelope?.id ?? ''))
  },
}
