import '../../src/bus/engine.js'
import { z } from 'zod'
import { Command, createBus, handle, Query, type BusOptions, type HandlerEntry, type MessageContext, type Middleware } from '../../src/index.js'
import { createMemoryBroker, type MemoryBroker } from '../../src/memory/index.js'
import { virtualClock } from '../../src/runtime/index.js'
import { altered } from '../support/altered.js'
import { native } from '../support/native.js'
import { header, recordingLogger } from '../support/service.js'
import { provideFar } from './far.js'
import type { Line } from './table.js'
import { thrown } from './table-errors.js'
import type { Row } from './table-rows.js'

const fields = z.object({ id: z.string() })
const reply = z.object({ done: z.boolean() })
class Plain extends Command('shop.command', fields, { reply }) {}
class Find extends Query('shop.query', fields, { reply }) {}
class Step extends Command('flow.step', fields, { key: 'id', ordered: true }) {}

/** What the broker and the handler saw of one message. */
export interface Seen {
  /** Each time that what fails has run: the number of the attempt (none before a handler), and when. */
  readonly runs: { readonly attempt: number | undefined; readonly atMs: number }[]
  /** What core sent on: where to, when it was due, and the failures that it carries. */
  readonly copies: { readonly to: string; readonly dueMs: number | undefined; readonly failures: string | undefined }[]
  readonly accepted: number
  readonly released: number
  readonly dead: readonly { readonly reason: string | undefined; readonly handler: string | undefined; readonly failures: string | undefined }[]
  /** Replies at the requester: `fault`, or `reply`. */
  readonly replies: readonly string[]
}

type Counted = { -readonly [Name in keyof Seen]: Seen[Name] extends number ? number : Seen[Name] }

export const endpointOf = ({ where }: Line): string => (where === 'ordered' ? 'flow' : 'shop')
export const handlerOf = ({ where, message }: Line): string => (where === 'ordered' ? 'flow.step' : message === 'query' ? 'shop.query' : 'shop.command')
/** Of the message that fails for ever. */
export const chain = 'chain'
export const idOf = ({ attempt }: Row): string => `failure ${attempt}`

/** Runs all rows of a line on one bus: each message comes with the failures that it has had, and fails once more. One comes anew, and fails for ever. */
export async function runLine(line: Line, rows: readonly Row[]): Promise<ReadonlyMap<string, Seen>> {
  const clock = virtualClock()
  const broker = createMemoryBroker({ name: 'b', clock })
  const startMs = clock.now()
  const seen = new Map<string, Counted>()
  const of = (id: string): Counted => {
    const known = seen.get(id) ?? { runs: [], copies: [], accepted: 0, released: 0, dead: [], replies: [] }
    seen.set(id, known)
    return known
  }
  const fail = (id: string, attempt: number | undefined): void => {
    const { runs } = of(id)
    runs.push({ attempt, atMs: clock.now() - startMs })
    if (id === chain || runs.length === 1) throw thrown[line.error]() as Error
  }
  const transport = altered(
    broker,
    (inner) => {
      const send = inner.send.bind(inner)
      const subscribe = inner.subscribe.bind(inner)
      inner.send = (messages, signal) => {
        for (const { destination, envelope, original, notBefore } of messages) {
          if (original === undefined || destination.kind !== 'endpoint') continue
          const failures = line.where === 'wire' ? envelope.system['wire-attempt'] : envelope.system['attempt']
          of(envelope.id).copies.push({ to: destination.name, dueMs: notBefore === undefined ? undefined : notBefore - startMs, failures })
        }
        return send(messages, signal)
      }
      inner.subscribe = (endpoint, onDelivery, options) =>
        subscribe(
          endpoint,
          async (delivery) => {
            const disposition = await onDelivery(delivery)
            of(delivery.envelope?.id ?? '')[disposition] += 1
            return disposition
          },
          options,
        )
    },
    line.where === 'no delay' ? { delay: 'none' } : {},
  )
  await provideFar(broker, clock)
  const bus = createBus({ ...optionsOf(line, fail), transport, clock, logger: recordingLogger([]) } as BusOptions<HandlerEntry>)
  await bus.start()
  for (const row of rows) publish(broker, line, { id: idOf(row), failures: row.attempt - 1 })
  publish(broker, line, { id: chain, failures: 0 })
  await clock.advance(4 * 86_400_000)
  await bus.stop()
  for (const { headers } of broker.browse('far')) {
    const known = of(headers['ce_causationid'] ?? '')
    known.replies = [...known.replies, header(headers, 'fault') === undefined ? 'reply' : 'fault']
  }
  for (const { headers } of broker.deadLetters(endpointOf(line))) {
    const known = of(headers['ce_id'] ?? '')
    const letter = {
      reason: header(headers, 'dead-letter-reason'),
      handler: header(headers, 'dead-letter-handler'),
      failures: header(headers, 'dead-letter-attempts'),
    }
    known.dead = [...known.dead, letter]
  }
  return seen
}

function optionsOf(line: Line, fail: (id: string, attempt: number | undefined) => void): Partial<BusOptions<HandlerEntry>> {
  const isWire = line.where === 'wire'
  const run = ({ id }: { readonly id: string }, { attempt }: MessageContext): { done: boolean } => {
    if (!isWire) fail(id, attempt)
    return { done: true }
  }
  const options = line.handler === undefined ? {} : { retry: line.handler }
  const handlers =
    line.where === 'ordered'
      ? [handle(Step, options, (message, context) => void run(message, context))]
      : [line.message === 'query' ? handle(Find, options, run) : handle(Plain, options, run)]
  const failing: Middleware = { name: 'failing', incoming: { wire: (context, next) => (fail(context.id, undefined), next(context)) } }
  const name = endpointOf(line)
  // An endpoint has settings of its own where it is not that of the bus.
  const placed = line.endpoint === undefined ? { name, handlers } : { name: 'other', endpoints: { [name]: { handlers, retry: line.endpoint } } }
  return { ...placed, concurrency: 50, ...(line.bus === undefined ? undefined : { retry: line.bus }), middleware: isWire ? [failing] : [] } as Partial<
    BusOptions<HandlerEntry>
  >
}

function publish(broker: MemoryBroker, line: Line, { id, failures }: { readonly id: string; readonly failures: number }): void {
  const count =
    line.where === 'wire' ? { 'waybill-wire-attempt': String(failures) } : { 'waybill-target-handler': handlerOf(line), 'waybill-attempt': String(failures) }
  const headers = native(handlerOf(line), {
    ce_id: id,
    ce_kind: line.message === 'query' ? 'query' : 'command',
    ce_partitionkey: id,
    ...(line.message === undefined || line.message === 'command' ? undefined : { ce_replyto: 'memory://b/far' }),
    ...(failures === 0 ? undefined : count),
  })
  broker.publish({ endpoint: endpointOf(line) }, { headers, body: JSON.stringify({ id }) })
}
