import { describe, expect, it } from 'vitest'
import type { Capabilities, Outgoing } from '../contract/index.js'
import { TooLargeError } from '../errors/index.js'
import { connected, guarded, message } from '../../test/guarded.js'
import { defaultSizeOf } from './message-size.js'

const KiB = 1024
const capabilities: Capabilities = {
  limits: {
    endpoint: { messageBytes: 256 * KiB, batchCount: 1, batchBytes: 256 * KiB },
    topic: { messageBytes: 1024 * KiB, batchCount: 1, batchBytes: 1024 * KiB },
  },
}
const sizeOf = ({ envelope }: Outgoing): number => envelope.body?.byteLength ?? 0
const toTopic = { kind: 'topic', name: 'orders', ordered: false } as const
const toAddress = { kind: 'address', address: 'reply-1' } as const

describe('checkSize', () => {
  it('keeps 16 KiB of an endpoint free for copies, and copies may use them', () => {
    const { guard } = guarded({ capabilities, sizeOf })
    for (const destination of [undefined, toAddress]) {
      const of = (bytes: number) => message('a', { bytes, ...(destination === undefined ? {} : { destination }) })
      expect(() => guard.checkSize(of(240 * KiB))).not.toThrow()
      expect(() => guard.checkSize(of(240 * KiB + 1))).toThrow(TooLargeError)
      expect(() => guard.checkSize(of(240 * KiB + 1), 'reply')).toThrow(TooLargeError)
      expect(() => guard.checkSize(of(256 * KiB), 'dead-letter')).not.toThrow()
      expect(() => guard.checkSize(of(256 * KiB + 1), 'retry')).toThrow(TooLargeError)
    }
  })

  it('keeps a quarter free where that is less', () => {
    const limits = { messageBytes: 40 * KiB, batchCount: 1, batchBytes: 40 * KiB }
    const { guard } = guarded({ capabilities: { limits: { endpoint: limits, topic: limits } }, sizeOf })
    expect(() => guard.checkSize(message('a', { bytes: 30 * KiB }))).not.toThrow()
    expect(() => guard.checkSize(message('a', { bytes: 30 * KiB + 1 }))).toThrow(TooLargeError)
  })

  it('takes for a topic what the topic takes, and at most what an endpoint may take', () => {
    const { guard } = guarded({ capabilities, sizeOf })
    expect(() => guard.checkSize(message('a', { bytes: 240 * KiB, destination: toTopic }))).not.toThrow()
    expect(() => guard.checkSize(message('a', { bytes: 240 * KiB + 1, destination: toTopic }))).toThrow(TooLargeError)
    const small = { endpoint: { messageBytes: 256 * KiB, batchCount: 1, batchBytes: 1 }, topic: { messageBytes: 10 * KiB, batchCount: 1, batchBytes: 1 } }
    expect(() => guarded({ capabilities: { limits: small }, sizeOf }).guard.checkSize(message('a', { bytes: 10 * KiB + 1, destination: toTopic }))).toThrow(
      TooLargeError,
    )
  })

  it('has no limit where the transport has none', () => {
    const limits = { messageBytes: Infinity, batchCount: 1, batchBytes: Infinity }
    const { guard } = guarded({ capabilities: { limits: { endpoint: limits, topic: limits } }, sizeOf: () => 1e12 })
    expect(() => guard.checkSize(message('a'))).not.toThrow()
  })

  it('takes 64 KiB where the transport says nothing', () => {
    const { guard } = guarded({ capabilities: {}, sizeOf })
    expect(() => guard.checkSize(message('a', { bytes: 48 * KiB }))).not.toThrow()
    expect(() => guard.checkSize(message('a', { bytes: 48 * KiB + 1 }))).toThrow(TooLargeError)
  })

  it('is asked by send too: the message is rejected and the others of the tick are sent', async () => {
    const { guard, transport } = await connected({
      capabilities: {
        limits: { endpoint: { messageBytes: 100, batchCount: 10, batchBytes: 1000 }, topic: { messageBytes: 100, batchCount: 10, batchBytes: 1000 } },
      },
      sizeOf,
      answer: () => [],
    })
    const sends = await Promise.allSettled([10, 76, 10].map((bytes) => guard.send({ outgoing: message(String(bytes), { bytes }), purpose: 'message' })))
    expect(sends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(sends[1]).toMatchObject({ reason: { code: 'WAYBILL_TOO_LARGE' } })
    expect(transport.sent).toEqual([['10', '10']])
  })
})

describe('defaultSizeOf', () => {
  const utf8 = (text: string): number => Buffer.byteLength(text)

  it('is an upper bound of body, headers and attributes in UTF-8', () => {
    const plain = message('a', { bytes: 1000 })
    const headers = { tenant: '蟹'.repeat(500), [`x-${'é'.repeat(50)}`]: '' }
    const outgoing: Outgoing = {
      ...plain,
      envelope: { ...plain.envelope, key: '😀'.repeat(100), correlationId: 'c'.repeat(36), headers, system: { traceparent: 't'.repeat(55) } },
    }
    const all = JSON.stringify({ ...outgoing.envelope, body: undefined })
    expect(defaultSizeOf(outgoing)).toBeGreaterThanOrEqual(1000 + utf8(all))
    expect(defaultSizeOf(outgoing)).toBeLessThan(1000 + 3 * utf8(all) + 1024)
  })

  it('counts the native bytes of what is forwarded', () => {
    const outgoing: Outgoing = {
      ...message('a', { bytes: 1 }),
      original: { body: new Uint8Array(5000), native: JSON.stringify({ headers: { a: 'ü'.repeat(100) } }) },
    }
    expect(defaultSizeOf(outgoing)).toBeGreaterThanOrEqual(5000 + utf8(outgoing.original?.native ?? ''))
  })

  it('takes a tombstone', () => {
    const plain = message('a')
    expect(defaultSizeOf({ ...plain, envelope: { ...plain.envelope, body: null } })).toBeLessThan(2000)
  })
})
