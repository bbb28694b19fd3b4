import { handle, on } from '@waybill/core'
import type { Lab } from '../../lab/lab.js'
import { CancelOrder, OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'
import { foreign } from '../foreign.js'

/** After whatever came, the next good message is handled. */
async function nextIsHandled(lab: Lab, handled: readonly string[]): Promise<void> {
  await lab.publishRaw({ endpoint: 'orders' }, { body: '{"id":"next"}', envelope: { ...foreign, id: 'next' } })
  await lab.until('the next good message is handled', () => handled.includes('next'), 5_000)
  await lab.quiet()
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
    lab.check('no line breaks and no escapes in the text').empty(lines.filter((line) => line.includes('\n') || line.includes('\u001b')))
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

export const hostileAllTheWay: Scenario = {
  id: 'SE-03',
  title: 'hostile names in headers and body stay what they are through retry copy and dead letter, and pollute nothing on the way',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    const seen: unknown[] = []
    await lab.bus({
      handlers: [
        handle(CancelOrder, { retry: { immediate: 0, delayed: ['1s'] } }, (_, { headers }) => {
          seen.push(headers['constructor'], headers['valueOf'])
          throw new Error('always')
        }),
      ],
    })
    const body = '{"id":"o1","constructor":{"prototype":{"polluted":true}}}'
    await lab.publishRaw({ endpoint: 'orders' }, { body, envelope: { ...foreign, id: 'm1', headers: { constructor: 'c', toString: 't' } } })
    await lab.quiet()
    lab.check('twice as it came, and nothing inherited').equal(seen, ['c', undefined, 'c', undefined])
    const [dead] = await lab.doors.deadLetters('orders')
    lab
      .check('the dead letter has bytes and headers')
      .equal([Buffer.from(dead?.body ?? []).toString(), { ...dead?.envelope.headers }], [body, { constructor: 'c', toString: 't' }])
    lab.check('no object is polluted').equal(({} as { polluted?: boolean }).polluted, undefined)
  },
}
