import { afterEach, describe, expect, it, vi } from 'vitest'
import { createBus, handle, runUntilSignal, type Bus } from '../../src/index.js'
import type { Transport } from '../../src/contract/index.js'
import { memory } from '../../src/memory/index.js'
import { Note, recordingLogger, world, type World } from '../support/service.js'

const listeners = (): number => process.listenerCount('SIGTERM') + process.listenerCount('SIGINT') + process.listenerCount('SIGHUP')
const before = listeners()
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

const make = (w: World, stuck = false): Bus =>
  createBus({
    name: 'shop',
    clock: w.clock,
    transport: memory({ broker: w.broker }),
    logger: recordingLogger([]),
    stopTimeout: '1s',
    handlers: [handle(Note, () => (stuck ? new Promise<void>(() => undefined) : undefined))],
  })

describe('runUntilSignal', () => {
  it('starts a bus that is not started, stops it at the first signal, and leaves the exit code and no listener', async () => {
    const w = world()
    const bus = make(w)
    const ended = runUntilSignal(bus)
    expect(listeners()).toBe(before + 2)
    await w.clock.settle()
    expect(bus.health().status).toBe('ok')
    process.emit('SIGINT', 'SIGINT')
    expect(await ended).toEqual({ unfinished: [] })
    expect({ status: bus.health().status, listeners: listeners(), exitCode: process.exitCode }).toEqual({
      status: 'stopped',
      listeners: before,
      exitCode: undefined,
    })
  })

  it('listens to the signals that it is told, and to no others', async () => {
    const w = world()
    const bus = make(w)
    await bus.start()
    const ended = runUntilSignal(bus, { signals: ['SIGHUP', 'SIGHUP'] })
    expect([process.listenerCount('SIGHUP'), listeners()]).toEqual([1, before + 1])
    await w.clock.settle()
    expect(bus.health().status).toBe('ok')
    process.emit('SIGHUP', 'SIGHUP')
    await ended
    expect(listeners()).toBe(before)
  })

  it('sets the exit code to 1 when a handler has not ended at the deadline, and says which', async () => {
    const w = world()
    const bus = make(w, true)
    const ended = runUntilSignal(bus)
    await bus.start()
    await bus.send(new Note({ id: '1' }), { id: 'n1' })
    await w.clock.settle()
    process.emit('SIGTERM', 'SIGTERM')
    await w.clock.advance(1_000)
    expect(await ended).toEqual({ unfinished: [{ endpoint: 'shop', handler: 'shop.note', messageId: 'n1' }] })
    expect(process.exitCode).toBe(1)
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends the process at a second signal, %s, with the code %i', async (signal, code) => {
    const w = world()
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
    const bus = make(w, true)
    const ended = runUntilSignal(bus)
    await bus.start()
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    process.emit('SIGTERM', 'SIGTERM')
    await w.clock.settle()
    expect(exit).not.toHaveBeenCalled()
    process.emit(signal, signal)
    expect(exit).toHaveBeenCalledExactlyOnceWith(code)
    await w.clock.advance(1_000)
    await ended
  })

  it('ends for a reason of yours too, also one that is there before it begins', async () => {
    const w = world()
    const controller = new AbortController()
    const ended = runUntilSignal(make(w), { signal: controller.signal })
    await w.clock.settle()
    controller.abort()
    expect(await ended).toEqual({ unfinished: [] })
    const bus = make(w)
    expect(await runUntilSignal(bus, { signal: controller.signal })).toEqual({ unfinished: [] })
    expect([bus.health().status, listeners()]).toEqual(['stopped', before])
  })

  it('rejects when the start fails, and listens no more', async () => {
    const w = world()
    w.broker.failConnections({ retryable: false })
    await expect(runUntilSignal(make(w))).rejects.toMatchObject({ code: 'WAYBILL_TRANSPORT' })
    expect(listeners()).toBe(before)
  })

  it('gives up a start that finds no broker when the signal comes', async () => {
    const w = world()
    const silent: Transport = {
      name: 'silent',
      capabilities: { privateAddress: true },
      connect: () => new Promise(() => undefined),
      provision: () => Promise.resolve([]),
      send: () => Promise.resolve([]),
      subscribe: () => Promise.reject(new Error('nobody subscribes here')),
      close: () => Promise.resolve(),
    }
    const bus = createBus({ name: 'shop', clock: w.clock, transport: { create: () => silent }, stopTimeout: '1s', logger: recordingLogger([]) })
    const ended = runUntilSignal(bus)
    await w.clock.settle()
    process.emit('SIGTERM', 'SIGTERM')
    await w.clock.advance(60_000)
    expect(await ended).toEqual({ unfinished: [] })
    expect(listeners()).toBe(before)
  })

  it('ends when somebody else stops the bus, with what that stop gave', async () => {
    const w = world()
    const bus = make(w, true)
    const ended = runUntilSignal(bus)
    await bus.start()
    await bus.send(new Note({ id: '1' }), { id: 'n1' })
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.advance(1_000)
    const unfinished = [{ endpoint: 'shop', handler: 'shop.note', messageId: 'n1' }]
    expect([await stopped, await ended]).toEqual([{ unfinished }, { unfinished }])
    expect([process.exitCode, listeners()]).toEqual([1, before])
  })

  it.each(['SIGKILL', 'SIGSTOP', 'SIGNONE', 'toString'])('refuses %s, which nobody can listen to, and listens to nothing', async (name) => {
    const w = world()
    const bus = make(w)
    await expect(runUntilSignal(bus, { signals: ['SIGTERM', name as NodeJS.Signals] })).rejects.toMatchObject({
      code: 'WAYBILL_CONFIGURATION',
      message: expect.stringContaining(`"${name}"`) as unknown,
    })
    expect([bus.health().status, listeners()]).toEqual(['new', before])
  })

  it('does not open what it is told to end before it begins', async () => {
    const w = world()
    const bus = make(w)
    expect(await runUntilSignal(bus, { signal: AbortSignal.abort() })).toEqual({ unfinished: [] })
    expect(() => w.broker.depth('shop')).toThrow('does not have the endpoint')
    expect([bus.health().status, listeners()]).toEqual(['stopped', before])
  })
})
