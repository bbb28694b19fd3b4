import { describe, expect, it } from 'vitest'
import type { Destination, Endpoint } from '../contract/index.js'
import { TooLargeError, TransportError } from '../errors/index.js'
import { anyHost, connected, guarded, message, outcomeOf } from '../../test/guarded.js'
import { ScriptedTransport } from '../../test/scripted-transport.js'
import { GuardedTransport } from './guarded-transport.js'
import { defaultSizeOf } from './message-size.js'

const endpoint: Endpoint = { name: 'orders', topics: [], life: 'durable', ordered: false }
const orders: Destination = { kind: 'endpoint', name: 'orders', ordered: false }

describe('connect', () => {
  it('connects once, however often it is called', async () => {
    const { guard, transport } = guarded()
    const first = guard.connect(anyHost)
    expect(guard.connect(anyHost)).toBe(first)
    await first
    await guard.connect(anyHost)
    expect(transport.connects).toBe(1)
  })

  it('tells a failure as ours, with its cause, and may be tried again', async () => {
    const cause = Object.assign(new Error('access refused'), { retryable: false, code: 'WAYBILL_X', advice: 'Mend the password' })
    let fails = true
    const { guard } = guarded({ connect: () => (fails ? Promise.reject(cause) : Promise.resolve()) })
    const failure = guard.connect(anyHost)
    await expect(failure).rejects.toBeInstanceOf(TransportError)
    await expect(failure).rejects.toMatchObject({ code: 'WAYBILL_TRANSPORT', retryable: false, cause })
    await expect(failure).rejects.toThrow('"scripted" failed to connect: access refused. Mend the password')
    fails = false
    await guard.connect(anyHost)
  })

  it('reads the limits again when it is connected', async () => {
    const limits = (messageBytes: number) => ({
      limits: { endpoint: { messageBytes, batchCount: 1, batchBytes: messageBytes }, topic: { messageBytes, batchCount: 1, batchBytes: messageBytes } },
    })
    class Versioned extends ScriptedTransport {
      override capabilities = limits(100)
      override sizeOf = () => 100
      override connect(): Promise<void> {
        this.capabilities = limits(1000)
        return Promise.resolve()
      }
    }
    const { clock, logger } = guarded()
    const guard = new GuardedTransport({ transport: new Versioned(), bus: 'orders', instanceId: 'one', clock, logger, publishTimeoutMs: 1 })
    expect(() => guard.checkSize(message('a'))).toThrow(TooLargeError)
    await guard.connect(anyHost)
    expect(() => guard.checkSize(message('a'))).not.toThrow()
    expect(guard.capabilities).toEqual(limits(1000))
  })

  it('refuses a send before it was called', async () => {
    const { guard } = guarded()
    await expect(guard.send({ outgoing: message('a'), purpose: 'message' })).rejects.toMatchObject({ code: 'WAYBILL_NOT_STARTED' })
    await expect(guard.subscribe(endpoint, () => Promise.resolve('accepted'), { prefetch: 1 })).rejects.toMatchObject({ code: 'WAYBILL_NOT_STARTED' })
  })
})

describe('close', () => {
  it('closes the transport once, and rejects at once what is sent later', async () => {
    const { guard, transport } = await connected()
    const first = guard.close()
    expect(guard.close()).toBe(first)
    await first
    expect(transport.closes).toBe(1)
    await expect(guard.send({ outgoing: message('a'), purpose: 'message' })).rejects.toMatchObject({ code: 'WAYBILL_STOPPED' })
    await expect(guard.connect(anyHost)).rejects.toMatchObject({ code: 'WAYBILL_STOPPED' })
    await expect(guard.provision({ endpoints: [], topics: [] }, 'check')).rejects.toMatchObject({ code: 'WAYBILL_STOPPED' })
  })

  it('leaves a transport alone that was never connected', async () => {
    const { guard, transport } = guarded()
    await guard.close()
    expect(transport.closes).toBe(0)
  })

  it('ends a connect that hangs', async () => {
    const { guard, clock } = guarded({ connect: () => new Promise<void>(() => undefined) })
    const connects = outcomeOf(guard.connect(anyHost))
    const waits = outcomeOf(guard.send({ outgoing: message('a'), purpose: 'message' }))
    await guard.close()
    await clock.settle()
    expect(connects.error).toMatchObject({ code: 'WAYBILL_STOPPED' })
    expect(waits.error).toMatchObject({ failures: [{ outcome: 'refused', cause: { code: 'WAYBILL_STOPPED' } }] })
  })

  it('leaves no connection behind when it races connect', async () => {
    const connecting = Promise.withResolvers<void>()
    const { guard, transport, clock } = guarded({ connect: () => connecting.promise })
    const connects = outcomeOf(guard.connect(anyHost))
    await guard.close()
    connecting.resolve()
    await clock.settle()
    expect(connects.error).toMatchObject({ code: 'WAYBILL_STOPPED' })
    expect(transport.closes).toBe(2)
  })

  it('tells a failure as ours', async () => {
    const { guard } = await connected({ close: () => Promise.reject(new Error('half open')) })
    await expect(guard.close()).rejects.toMatchObject({ code: 'WAYBILL_TRANSPORT', message: expect.stringContaining('half open') as string })
  })
})

describe('the rest of the transport', () => {
  it('tells errors of subscribe as ours', async () => {
    const { guard } = await connected()
    await expect(guard.subscribe(endpoint, () => Promise.resolve('accepted'), { prefetch: 1 })).rejects.toMatchObject({
      code: 'WAYBILL_TRANSPORT',
      message: expect.stringContaining('subscribe orders: no such endpoint') as string,
    })
  })

  it('tells errors of provision as ours, but not twice', async () => {
    const { guard, transport } = await connected()
    const ours = new TransportError('scripted', 'declare "orders"', new Error('exists'), false)
    transport.provision = () => Promise.reject(ours)
    await expect(guard.provision({ endpoints: [], topics: [] }, 'create')).rejects.toBe(ours)
  })

  it('has inspect only where the transport has it, and tells its errors as ours', async () => {
    expect((await connected()).guard.inspect).toBeUndefined()
    const { guard, transport } = await connected()
    const failing = Object.assign(transport, {
      inspect: {
        depth: () => Promise.reject(new Error('not allowed')),
        async *browse() {
          yield { envelope: undefined, original: { body: null, native: '{}' }, nativeId: 'n' }
          throw new Error('gone')
        },
      },
    })
    expect(failing.inspect).toBeDefined()
    await expect(guard.inspect?.depth(orders)).rejects.toThrow('"scripted" failed to count the messages of orders: not allowed')
    const seen: unknown[] = []
    const browse = async (): Promise<void> => {
      for await (const one of guard.inspect?.browse(orders, { limit: 10, signal: new AbortController().signal }) ?? []) seen.push(one.nativeId)
    }
    await expect(browse()).rejects.toThrow('"scripted" failed to browse orders: gone')
    expect(seen).toEqual(['n'])
  })

  it('gives its name, and the size by the transport or by default', () => {
    expect(guarded().guard.name).toBe('scripted')
    expect(guarded({ sizeOf: () => 7 }).guard.sizeOf(message('a'))).toBe(7)
    expect(guarded().guard.sizeOf(message('a'))).toBe(defaultSizeOf(message('a')))
  })
})

describe('a size that a transport gets wrong', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('no headers')
      },
      'no headers',
    ],
    ['is no number', () => Number.NaN, 'the size of orders.place-order cannot be NaN'],
    ['is negative', () => -1, 'the size of orders.place-order cannot be -1'],
  ])('fails its message alone when it %s', async (_, sizeOf, text) => {
    let wrong = true
    const { guard } = await connected({ sizeOf: () => (wrong ? sizeOf() : 10), answer: () => [] })
    const failed = outcomeOf(guard.send({ outgoing: message('a'), purpose: 'message' }))
    wrong = false
    await guard.send({ outgoing: message('b'), purpose: 'message' })
    expect(failed.error).toBeInstanceOf(TransportError)
    expect((failed.error as Error).message).toContain(text)
    expect(guard.pending).toEqual({ messages: 0, bytes: 0 })
  })
})
