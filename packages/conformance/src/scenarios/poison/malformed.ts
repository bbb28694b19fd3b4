import { handle, when } from '@waybill/core'
import type { RawEnvelope } from '../../harness/harness.js'
import { CancelOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'
import { foreign } from '../foreign.js'

interface Malformed {
  readonly id: string
  readonly what: string
  readonly body: Uint8Array | string
  /** Beside, or instead of, those of a good one. */
  readonly envelope?: RawEnvelope
  readonly without?: readonly (keyof RawEnvelope)[]
  readonly native?: Readonly<Record<string, string>>
  readonly reason: string | readonly string[]
}

const malformed: readonly Malformed[] = [
  { id: 'PM-01', what: 'that is no JSON', body: '<order id="o1"/>', reason: 'body-not-json' },
  { id: 'PM-02', what: 'whose JSON is cut', body: '{"id":"o1', reason: 'body-not-json' },
  { id: 'PM-03', what: 'without a body', body: '', reason: 'body-empty' },
  { id: 'PM-04', what: 'that is no UTF-8', body: new Uint8Array([0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d]), reason: 'body-not-utf8' },
  { id: 'PM-06', what: 'without a type', body: '{"id":"o1"}', without: ['type'], reason: 'unmappable' },
  { id: 'PM-07', what: 'that violates its schema', body: '{"id":7}', reason: 'schema-violation' },
  { id: 'PM-08', what: 'whose version is no number', body: '{"id":"o1"}', envelope: { version: 'newest' }, reason: 'unmappable' },
  { id: 'PM-09', what: 'of another content type', body: '<order/>', envelope: { contentType: 'text/xml' }, reason: 'content-type' },
]

/** What is common to all of them: the handler is not called, no policy is asked, the bytes are kept with the reason, the next message is handled. */
const poisonScenario = ({ id, what, body, envelope, without = [], native, reason }: Malformed): Scenario => ({
  id,
  title: `a message ${what} is one dead letter with its bytes and the reason, at once; the next one is handled`,
  group: 'PM',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  // What has no identity of its own is recorded under the one that its broker gives it.
  exempt: without.length > 0 || reason === 'unmappable' ? { I1: 'it has no identity before it is a dead letter', I16: 'it has no envelope to compare' } : {},
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    const asked: string[] = []
    const policy = when((error) => {
      asked.push(error.name)
      return true
    }).retryNow(3)
    await lab.bus({ retry: policy, handlers: [handle(CancelOrder, { retry: policy }, ({ id: order }) => void handled.push(order))] })
    const given = Object.fromEntries(
      Object.entries({ ...foreign, id: 'bad', ...envelope }).filter(([name]) => !without.includes(name as keyof RawEnvelope)),
    ) as RawEnvelope
    await lab.publishRaw({ endpoint: 'orders' }, { body, envelope: given, ...(native && { native }) })
    await lab.publishRaw({ endpoint: 'orders' }, { body: '{"id":"next"}', envelope: { ...foreign, id: 'next' } })
    await lab.until('the next one is handled', () => handled.length === 1, 5_000)
    await lab.quiet()
    const dead = await lab.doors.deadLetters('orders')
    lab.check('one dead letter').equal(dead.length, 1)
    lab.check('with its bytes').equal(Buffer.from(dead[0]?.body ?? []).toString('hex'), Buffer.from(body).toString('hex'))
    lab.check('and the reason').equal(dead[0]?.envelope.system['dead-letter-reason'], reason)
    lab.check('no handler was called').equal(handled, ['next'])
    lab.check('no policy was asked').empty(asked)
    lab.check('no retry was made').empty(lab.seen('send').filter(({ purpose }) => purpose === 'retry'))
  },
})

export const malformedOnes: readonly Scenario[] = malformed.map(poisonScenario)
