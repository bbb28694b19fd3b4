import { onTestFinished } from 'vitest'
import { z } from 'zod'
// A bus loads what runs it at its first start; here before the first test, whose time-out does not know of compiling.
import '../../src/bus/engine.js'
import { Command, createBus, Event, Query, type Bus, type BusOptions, type HandlerEntry, type Logger } from '../../src/index.js'
import type { AnyBusOptions } from '../../src/bus/bus-options.js'
import { createMemoryBroker, memory, type MemoryBroker } from '../../src/memory/index.js'
import { observe, virtualClock, type InstrumentationEvents, type VirtualClock } from '../../src/runtime/index.js'

export class Place extends Command('shop.place', z.object({ id: z.string() }), { reply: z.object({ total: z.number() }) }) {}
export class Note extends Command('shop.note', z.object({ id: z.string() })) {}
export class Placed extends Event('shop.placed', z.object({ id: z.string() })) {}
export class Shipped extends Event('shop.shipped', z.object({ id: z.string() })) {}
export class Billed extends Event('shop.billed', z.object({ id: z.string() })) {}
export class Find extends Query('shop.find', z.object({ id: z.string() }), { reply: z.object({ id: z.string() }) }) {}

export interface LogLine {
  readonly level: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export function recordingLogger(lines: LogLine[]): Logger {
  const at =
    (level: string) =>
    (fields: object, message: string): void =>
      void lines.push({ level, message, fields: fields as Record<string, unknown> })
  return { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

export interface World {
  readonly clock: VirtualClock
  readonly broker: MemoryBroker
  readonly log: LogLine[]
  /** Starts a bus on the broker; it is stopped when the test ends. */
  bus(options: Partial<AnyBusOptions>): Promise<Bus>
  /** Everything of one kind that is announced from now on. */
  seen<Name extends keyof InstrumentationEvents>(name: Name): InstrumentationEvents[Name][]
  /** What lies in a dead-letter endpoint: id, reason, handler, body. */
  deadLetters(
    endpoint?: string,
  ): { readonly id: string | undefined; readonly reason: string | undefined; readonly handler: string | undefined; readonly body: string }[]
}

/** One broker, one clock, as many buses as a test wants. */
export function world(): World {
  const clock = virtualClock()
  const broker = createMemoryBroker({ clock })
  const log: LogLine[] = []
  return {
    clock,
    broker,
    log,
    async bus(options) {
      const bus = createBus({ name: 'shop', transport: memory({ broker }), clock, logger: recordingLogger(log), ...options } as BusOptions<HandlerEntry>)
      await bus.start()
      onTestFinished(async () => {
        const stopped = bus.stop()
        await clock.advance(60_000)
        await stopped
      })
      return bus
    },
    seen(name) {
      const events: InstrumentationEvents[typeof name][] = []
      onTestFinished(observe(name, (event) => void events.push(event)))
      return events
    },
    deadLetters(endpoint = 'shop') {
      return broker.deadLetters(endpoint).map(({ headers, body }) => ({
        id: header(headers, 'id'),
        reason: header(headers, 'dead-letter-reason'),
        handler: header(headers, 'dead-letter-handler'),
        body: Buffer.from(body ?? []).toString(),
      }))
    },
  }
}

/** A header of the native form: a CloudEvents attribute, or one of the framework's. */
export const header = (headers: Readonly<Record<string, string>>, name: string): string | undefined => headers[`ce_${name}`] ?? headers[`waybill-${name}`]

/** A promise that a test resolves. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: () => resolve() }
}
