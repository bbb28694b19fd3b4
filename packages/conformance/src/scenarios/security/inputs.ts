import { Command, handle, on } from '@waybill/core'
import { z } from 'zod'
import type { RawEnvelope } from '../../harness/harness.js'
import type { Lab } from '../../lab/lab.js'
import { CancelOrder, OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'
import { foreign } from '../foreign.js'

const loose = { ...foreign, type: 'orders.loose' }
class Loose extends Command('orders.loose', z.looseObject({ id: z.string() })) {}

/** After whatever came, the next good message is handled. */
async function nextIsHandled(lab: Lab, handled: readonly string[]): Promise<void> {
  await lab.publishRaw({ endpoint: 'orders' }, { body: '{"id":"next"}', envelope: { ...foreign, id: 'next' } })
  await lab.until('the next good message is handled', () => handled.includes('next'), 5_000)
  await lab.quiet()
}

const polluting = [
  '{"id":"o1","__proto__":{"polluted":true}}',
  '{"id":"o1","\\u005f\\u005fproto__":{"polluted":true}}',
  '{"id":"o1","nested":{"__proto__":{"polluted":true}}}',
  '{"id":"o1","list":[{"__proto__":{"polluted":true}}]}',
  '{"id":"o1","constructor":{"prototype":{"polluted":true}}}',
  '{"id":"o1","id":"o1","__proto__":null}',
]

export const prototypePollution: Scenario = {
  id: 'SE-01',
  title: 'a body that wants to change prototypes changes none: it is a dead letter, or plain data',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: polluting.length + 1,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    const prototypes = new Set<unknown>()
    const bus = [handle(CancelOrder, ({ id }) => void handled.push(id)), handle(Loose, (message) => void prototypes.add(Object.getPrototypeOf({ ...message })))]
    await lab.bus({ handlers: bus })
    for (const [index, body] of polluting.entries()) await lab.publishRaw({ endpoint: 'orders' }, { body, envelope: { ...loose, id: `bad-${index}` } })
    await nextIsHandled(lab, handled)
    lab.check('no object is polluted').equal(({} as { polluted?: boolean }).polluted, undefined)
    lab.check('what was handled has the standard prototype').empty([...prototypes].filter((prototype) => prototype !== Object.prototype))
    const reasons = new Set((await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.system['dead-letter-reason']))
    lab.check('the others say why').empty([...reasons].filter((reason) => reason !== 'body-forbidden-name' && reason !== 'schema-violation'))
  },
}

export const headerNames: Scenario = {
  id: 'SE-02',
  title: 'headers named like members of an object are headers: looking one up finds nothing inherited',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const facts: unknown[] = []
    await lab.bus({
      handlers: [
        handle(
          CancelOrder,
          (_, { headers }) =>
            void facts.push(headers['constructor'], headers['toString'], headers['hasOwnProperty'], headers['valueOf'], Object.getPrototypeOf(headers)),
        ),
      ],
    })
    await lab.publishRaw({ endpoint: 'orders' }, { body: '{"id":"o1"}', envelope: { ...foreign, id: 'm1', headers: { constructor: 'c', toString: 't' } } })
    await lab.quiet()
    lab.check('as they came, and nothing inherited').equal(facts, ['c', 't', undefined, undefined, null])
  },
}

export const typeNames: Scenario = {
  id: 'SE-04',
  title: 'a type that is a path, a member of an object or ten kilobytes long is an unknown type and nothing else',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 5,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    await lab.bus({ unknown: [], handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const types = ['__proto__', 'constructor', '../../etc/passwd', 'x'.repeat(10_240)]
    for (const [index, type] of types.entries()) await lab.publishRaw({ endpoint: 'orders' }, { body: '{}', envelope: { ...foreign, type, id: `t${index}` } })
    await nextIsHandled(lab, handled)
    const dead = await lab.doors.deadLetters('orders')
    lab.check('each is a dead letter').equal(dead.length, types.length)
    lab
      .check('as an unknown type, or as one that cannot be read')
      .empty(dead.filter(({ envelope }) => !['unknown-type', 'unmappable'].includes(envelope.system['dead-letter-reason'] ?? '')))
    lab.check('no handler ran for one').equal(handled, ['next'])
  },
}

export const oversized: Scenario = {
  id: 'SE-05',
  title: 'a body above the limit is a dead letter before it is parsed',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    await lab.bus({ maxBodyBytes: 1_000, handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    // No JSON either: the reason shows that nobody tried.
    await lab.publishRaw({ endpoint: 'orders' }, { body: 'x'.repeat(1_001), envelope: { ...foreign, id: 'large' } })
    await nextIsHandled(lab, handled)
    lab.check('its reason is its size').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => [envelope.id, envelope.system['dead-letter-reason']]),
      [['large', 'too-large']],
    )
  },
}

export const depthBomb: Scenario = {
  id: 'SE-06',
  title: 'a hundred thousand open brackets are one dead letter, not the end of the process',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id)), handle(Loose, () => void handled.push('loose'))] })
    await lab.publishRaw({ endpoint: 'orders' }, { body: '['.repeat(100_000), envelope: { ...foreign, id: 'open' } })
    await lab.publishRaw(
      { endpoint: 'orders' },
      { body: `{"id":"o1","deep":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, envelope: { ...loose, id: 'closed' } },
    )
    await nextIsHandled(lab, handled)
    lab.check('both are dead letters').sameMembers(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.id ?? ''),
      ['open', 'closed'],
    )
    lab.check('neither was handled').equal(handled, ['next'])
  },
}

const contentTypes: readonly (readonly [contentType: string | undefined, body: string | Uint8Array, accepted: boolean])[] = [
  ['application/json', '{"id":"plain"}', true],
  ['application/json; charset=utf-8', '{"id":"charset"}', true],
  ['APPLICATION/JSON', '{"id":"upper"}', true],
  ['text/html', '{"id":"html"}', false],
  ['application/json; charset=utf-16', '{"id":"utf16"}', false],
  ['application/json', '<html>', false],
  ['application/octet-stream', '{"id":"octets"}', false],
]

export const wrongContentType: Scenario = {
  id: 'SE-08',
  title: 'the content type decides, and nothing is guessed from the bytes',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: contentTypes.length,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, (_, { id }) => void handled.push(id))] })
    for (const [index, [contentType, body]] of contentTypes.entries()) {
      await lab.publishRaw({ endpoint: 'orders' }, { body, envelope: { ...foreign, ...(contentType !== undefined && { contentType }), id: `m${index}` } })
    }
    await lab.quiet()
    const idsOf = (accepted: boolean): string[] => contentTypes.flatMap(([, , is], index) => (is === accepted ? [`m${index}`] : []))
    lab.check('what is JSON by its word is handled').sameMembers(handled, idsOf(true))
    lab.check('the others are dead letters').sameMembers(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.id ?? ''),
      idsOf(false),
    )
  },
}

export const lineBreaks: Scenario = {
  id: 'SE-09',
  title: 'line breaks and NUL in header names, values and ids are refused at the call',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus()
    for (const evil of ['a\r\nb', 'a\nb', 'a\u0000b']) {
      for (const options of [{ headers: { [evil]: 'x' } }, { headers: { x: evil } }]) {
        const error = await lab.rejection((async () => lab.send(caller, new CancelOrder({ id: 'o1' }), options))())
        lab.check('a header is refused').error(error, { code: 'WAYBILL_SEND_OPTION' })
        lab.check('its text does not come back raw').equal(error instanceof Error && error.message.includes(evil), false)
      }
      const error = await lab.rejection(lab.bounded('a send with such an id', (async () => caller.send(new CancelOrder({ id: 'o1' }), { id: evil }))()))
      lab.check('an id is refused').error(error, { code: 'WAYBILL_SEND_OPTION' })
    }
    await lab.quiet()
    lab.check('nothing arrived').empty(handled)
  },
}

export const logInjection: Scenario = {
  id: 'SE-10',
  title: 'what a message says does not write lines into the log, and its body is never quoted there',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('error')
    const handled: string[] = []
    await lab.bus({ unknown: [], handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const evil = 'x\nERROR root logged in\u001b[31m'
    await lab.publishRaw({ endpoint: 'orders' }, { body: '{"secret":"hunter2"', envelope: { ...foreign, id: 'm1', source: evil, correlationId: evil } })
    await lab.publishRaw({ endpoint: 'orders' }, { body: '{"secret":"hunter2"}', envelope: { ...foreign, type: evil, id: 'm2' } })
    await nextIsHandled(lab, handled)
    const lines = lab.log.records.map(({ text }) => text)
    lab.check('something was logged').atLeast(lines.length, 1)
    lab.check('no line breaks and no escapes in the text').empty(lines.filter((line) => /[\n\u001b]/.test(line)))
    lab.check('no body in it').empty(lab.log.records.filter((record) => JSON.stringify(record).includes('hunter2')))
    const dead = await lab.doors.deadLetters('orders')
    lab.check('nor in what is said of the dead letters').empty(dead.filter(({ envelope }) => JSON.stringify(envelope.system).includes('hunter2')))
  },
}

export const forgedSteering: Scenario = {
  id: 'SE-11',
  title: 'what steers the framework is obeyed at the own address alone: through a topic nobody chooses handler, attempt or delay',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const runs: string[] = []
    await lab.bus({
      handlers: ['orders.one', 'orders.two'].map((id) => on(OrderPlaced, { id }, (_, { attempt }) => void runs.push(`${id} at attempt ${attempt}`))),
    })
    await lab.publishRaw(
      { topic: 'orders.placed' },
      {
        body: '{"id":"o1"}',
        envelope: {
          ...foreign,
          type: 'orders.placed',
          kind: 'event',
          id: 'forged',
          system: { 'target-handler': 'orders.one', attempt: '7', 'deliver-at': String(lab.now() + 3_600_000) },
        },
      },
    )
    await lab.until('both run', () => runs.length === 2, 5_000)
    await lab.quiet()
    lab.check('as if nothing had been said').equal(runs, ['orders.one at attempt 1', 'orders.two at attempt 1'])
  },
}

export const manyTypes: Scenario = {
  id: 'SE-18',
  title: 'two thousand unknown types and keys cost two thousand dead letters and one warning, nothing that grows',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2_001,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    const bus = await lab.bus({ unknown: [], handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    for (let n = 0; n < 2_000; n += 1)
      await lab.publishRaw({ endpoint: 'orders' }, { body: '{}', envelope: { ...foreign, type: `orders.flood-${n}`, key: `k${n}`, id: `f${n}` } })
    await nextIsHandled(lab, handled)
    lab.check('each is kept').equal((await lab.doors.deadLetters('orders')).length, 2_000)
    lab.check('nothing waits in the bus').equal(
      bus.health().endpoints.map(({ running, waiting }) => running + waiting),
      [0],
    )
  },
}

export const numbers: Scenario = {
  id: 'SE-19',
  title: 'numbers that JavaScript cannot hold are refused or are what JSON makes of them, and hurt nothing',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 4,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    const values: unknown[] = []
    await lab.bus({
      handlers: [handle(CancelOrder, ({ id }) => void handled.push(id)), handle(Loose, (message) => void values.push((message as { readonly n?: unknown }).n))],
    })
    for (const [index, n] of ['9007199254740993', '1e400', '-0'].entries()) {
      await lab.publishRaw({ endpoint: 'orders' }, { body: `{"id":"o1","n":${n}}`, envelope: { ...loose, id: `n${index}` } })
    }
    await nextIsHandled(lab, handled)
    const dead = (await lab.doors.deadLetters('orders')).length
    lab.check('each came to an end').equal(values.length + dead, 3)
    lab.check('what was handled is a number').empty(values.filter((value) => typeof value !== 'number'))
  },
}
