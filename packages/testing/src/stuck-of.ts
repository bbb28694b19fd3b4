import type { VirtualClock } from '@waybill/core/runtime'
import { busyEndpoints, type Watched } from './load.js'
import { realNow } from './real-time.js'
import type { Open, Run } from './recorder.js'
import type { Stuck } from './stuck.js'

/** What makes no progress: the runs, what waits behind them, and what left without an answer. */
export function stuckOf(watched: Watched & { readonly clock: VirtualClock; readonly startedMs: number }): readonly Stuck[] {
  const { recorder, calls, startedMs } = watched
  const since = (ms: number): number => ms - startedMs
  const runs = [...recorder.runs.values()].filter(({ waitsFor }) => waitsFor !== 'retry')
  return [
    ...runs.map((run) => ofRun(run, since(run.sinceMs))),
    ...waiting(watched),
    ...[...recorder.refused.values()].map((open) =>
      ofOpen('send', open, { sinceMs: since(open.sinceMs), note: `refused ${times(open.refusals)}, waits for the clock` }),
    ),
    ...[...recorder.requests.values()].map((open) => ofOpen('request', open, { sinceMs: since(open.sinceMs), note: 'no reply' })),
    ...unannounced(watched),
    ...[...calls].map(({ verb, type, sinceMs }): Stuck => ({
      what: 'call',
      where: `harness.${verb}`,
      type,
      id: '',
      sinceMs: since(sinceMs),
      note: 'has not returned',
    })),
  ]
}

/** What a bus counts and nothing has been announced of. */
function unannounced({ buses, recorder, clock, startedMs }: Parameters<typeof stuckOf>[0]): Stuck[] {
  const sinceMs = clock.now() - startedMs
  return buses.flatMap((bus): Stuck[] => {
    const { sending, requests, schedule } = bus.health()
    const of = (what: Stuck['what'], note: string): Stuck => ({ what, where: bus.name, type: '', id: '', sinceMs, note })
    return [
      ...(sending.messages > 0 && recorder.refused.size === 0 ? [of('send', `${plural(sending.messages)}, no answer from the broker`)] : []),
      ...(schedule !== undefined && schedule.adding > 0 ? [of('send', `${plural(schedule.adding)}, no answer from the schedule store`)] : []),
      ...(requests > 0 && recorder.requests.size === 0 ? [of('request', `${requests} without a reply`)] : []),
    ]
  })
}

function ofRun({ endpoint, handler, envelope, attempt, waitsFor, touchedMs }: Run, sinceMs: number): Stuck {
  const silent = `silent for ${Math.round(realNow() - touchedMs)} ms`
  const waits = { broker: 'what it sends is refused', turn: 'waits for its turn at a limit', retry: undefined, code: undefined }[waitsFor]
  const note = waits ?? (handler === undefined ? `before its handler, ${silent}` : `attempt ${attempt}, ${silent}`)
  return {
    what: 'handler',
    where: handler === undefined ? endpoint : `${endpoint}/${handler}`,
    type: envelope?.type ?? '',
    id: envelope?.id ?? '',
    sinceMs,
    note,
  }
}

/** What lies at the endpoints that are not done, but for what runs. */
function waiting({ broker, buses, recorder, clock, startedMs }: Parameters<typeof stuckOf>[0]): Stuck[] {
  const running = new Set([...recorder.runs.values()].map(({ envelope }) => envelope?.id))
  const pauses = new Map(buses.flatMap((bus) => bus.health().endpoints.map(({ name, paused }) => [name, paused] as const)))
  return busyEndpoints({ broker, recorder }).flatMap((endpoint) => {
    const paused = pauses.get(endpoint) ?? []
    const note = paused.length === 0 ? 'waits for its turn' : `the endpoint is paused: ${paused.join(', ')}`
    return broker
      .browse(endpoint)
      .filter(({ state, headers }) => state !== 'delayed' && !running.has(headers['ce_id']))
      .map(({ headers, nativeId }): Stuck => {
        const sentMs = Date.parse(headers['ce_time'] ?? '')
        const sinceMs = (Number.isNaN(sentMs) ? clock.now() : sentMs) - startedMs
        return { what: 'message', where: endpoint, type: headers['ce_type'] ?? '', id: headers['ce_id'] ?? nativeId, sinceMs, note }
      })
  })
}

function ofOpen(what: Stuck['what'], { envelope }: Open, { sinceMs, note }: { readonly sinceMs: number; readonly note: string }): Stuck {
  return { what, where: envelope.source, type: envelope.type, id: envelope.id, sinceMs, note }
}

const plural = (messages: number): string => (messages === 1 ? '1 message' : `${messages} messages`)

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)
