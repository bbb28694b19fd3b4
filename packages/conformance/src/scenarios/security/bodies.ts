import { Command, handle } from '@waybill/core'
import { z } from 'zod'
import type { Lab } from '../../lab/lab.js'
import { CancelOrder } from '../messages.js'
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

const contentTypes: readonly (readonly [contentType: string | undefined, body: string | Uint8Array, accepted: boolean])[] = [
  ['application/json', '{"id":"plain"}', true],
  ['application/json; charset=utf-8', '{"id":"charset"}', true],
  ['APPLICATION/JSON', '{"id":"upper"}', true],
  ['text/html', '{"id":"html"}', false],
  ['application/json; charset=utf-16', '{"id":"utf16"}', false],
  ['application/json', '<html>', false],
  ['application/octet-stream', '{"id":"octets"}', false],
]

/** Objects and lists of the language's own prototypes, and nothing else in them. */
const isPlain = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  ([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value) as never) && Object.values(value).every(isPlain))

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
    const plain: boolean[] = []
    await lab.bus({
      handlers: [handle(CancelOrder, ({ id }) => void handled.push(id)), handle(Loose, (message) => void plain.push(Object.values(message).every(isPlain)))],
    })
    for (const [index, body] of polluting.entries()) await lab.publishRaw({ endpoint: 'orders' }, { body, envelope: { ...loose, id: `bad-${index}` } })
    await nextIsHandled(lab, handled)
    lab.check('no object is polluted').equal(({} as { polluted?: boolean }).polluted, undefined)
    lab.check('what was handled is plain data, at every depth').empty(plain.filter((isPlainData) => !isPlainData))
    const reasons = (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.system['dead-letter-reason'])
    lab.check('the others say why').empty(reasons.filter((reason) => reason !== 'body-forbidden-name' && reason !== 'schema-violation'))
    lab.check('each was handled or is a dead letter').equal(plain.length + reasons.length, polluting.length)
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
