import { describe, expect, test } from 'vitest'
import { fakeHost } from '../../test/memory-harness.js'
import { virtualClock } from '../runtime/virtual-clock.js'
import { createMemoryBroker, fromConfig, memory, memoryBroker } from './index.js'
import { optionsOf } from './options.js'

const connect = (source: { create(): { connect(host: ReturnType<typeof fakeHost>['host']): Promise<void> } }, instanceId: string): Promise<void> =>
  source.create().connect(fakeHost(virtualClock(), instanceId).host)
const faultOf = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

describe('a configuration', () => {
  test.each([
    ['memory:', {}],
    ['memory://', {}],
    ['memory:orders', { name: 'orders' }],
    ['memory://orders', { name: 'orders' }],
    ['memory://orders/', { name: 'orders' }],
    ['memory:caf%C3%A9', { name: 'café' }],
  ])('%s names its broker', (url, options) => {
    expect(optionsOf(new URL(url))).toEqual(options)
  })

  test.each([
    'memory:orders?delay=none',
    'memory://orders/bulk',
    'memory:a/b',
    'memory://user:secret@orders',
    'memory:orders#x',
    'memory:%ff',
    'amqp://localhost',
  ])('%s is refused, with what to write', (url) => {
    const fault = faultOf(() => fromConfig(new URL(url)))
    expect(fault).toMatchObject({ code: 'WAYBILL_MEMORY_OPTIONS', retryable: false })
    expect(String(fault)).not.toContain('secret')
  })

  test('a block takes the same options, and its kind must be memory', () => {
    expect(optionsOf({ kind: 'memory', name: 'orders' })).toEqual({ name: 'orders' })
    expect(faultOf(() => fromConfig({ kind: 'kafka' }))).toMatchObject({ message: expect.stringContaining('transport.kind must be "memory"') as unknown })
  })

  test('reaches one broker by each form of its name, and another one each time without', async () => {
    const shared = memoryBroker('options.shared')
    await connect(fromConfig(new URL('memory:options.shared')), 'one')
    await connect(fromConfig(new URL('memory://options.shared')), 'two')
    await connect(fromConfig({ kind: 'memory', name: 'options.shared' }), 'three')
    await connect(memory({ name: 'options.shared' }), 'four')
    await connect(fromConfig(new URL('memory:')), 'private')
    expect(shared.connections()).toEqual(['one', 'two', 'three', 'four'])
  })

  test('keeps the private broker of a source over a restart of its bus', async () => {
    const source = memory()
    const first = source.create()
    await first.connect(fakeHost(virtualClock(), 'first').host)
    await first.provision({ endpoints: [{ name: 'orders', topics: [], life: 'durable', ordered: false }], topics: [] }, 'create')
    await first.close()
    const second = source.create()
    await second.connect(fakeHost(virtualClock(), 'second').host)
    expect(await second.provision({ endpoints: [{ name: 'orders', topics: [], life: 'durable', ordered: false }], topics: [] }, 'check')).toEqual([])
  })
})

describe('wrong options', () => {
  test('are one error that lists them all', () => {
    const fault = faultOf(() => memory({ name: '', capabilites: {}, capabilities: { delay: 'never' } } as unknown as Parameters<typeof memory>[0]))
    expect(fault).toBeInstanceOf(Error)
    expect(fault).toMatchObject({ code: 'WAYBILL_MEMORY_OPTIONS', retryable: false, message: expect.stringContaining('3 problems') as unknown })
    expect(String(fault)).toContain('Did you mean memory.capabilities?')
  })

  test('name a broker once', () => {
    const options = { name: 'orders', broker: createMemoryBroker() } as unknown as Parameters<typeof memory>[0]
    expect(() => memory(options)).toThrow('memory has a name and a broker')
    expect(() => memory({ broker: {} } as unknown as Parameters<typeof memory>[0])).toThrow('memory.broker must be a broker from createMemoryBroker()')
    expect(() => memory('memory:' as unknown as Parameters<typeof memory>[0])).toThrow('memory must be an object, got "memory:"')
  })

  test('of a broker are found too', () => {
    expect(() => createMemoryBroker({ deduplicate: '5 minutes' as '5m' })).toThrow('broker.deduplicate must be a duration')
  })

  test('cannot be given to a named broker that exists', () => {
    memoryBroker('options.taken')
    expect(memoryBroker('options.taken')).toBe(memoryBroker('options.taken', {}))
    expect(() => memoryBroker('options.taken', { deduplicate: '5m' })).toThrow('memoryBroker("options.taken") exists already')
  })
})
