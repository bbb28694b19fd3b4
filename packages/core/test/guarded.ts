import type { Destination, Outgoing, TransportHost } from '../src/contract/index.js'
import { GuardedTransport, type GuardOptions } from '../src/runtime/guarded-transport.js'
import { virtualClock, type VirtualClock } from '../src/runtime/virtual-clock.js'
import { recordingLogger, type RecordingLogger } from './recording-logger.js'
import { ScriptedTransport, type Script } from './scripted-transport.js'

export interface Guarded {
  readonly guard: GuardedTransport
  readonly transport: ScriptedTransport
  readonly clock: VirtualClock
  readonly logger: RecordingLogger
}

export const anyHost: TransportHost = {
  instanceId: 'one',
  clock: virtualClock(),
  stores: {},
  supervise: () => {
    throw new Error('not used')
  },
  report: () => undefined,
}

/** A guard over a scripted transport, not connected. */
export function guarded(script: Script = {}, options: Partial<GuardOptions> = {}): Guarded {
  const transport = new ScriptedTransport(script)
  const clock = virtualClock()
  const logger = recordingLogger()
  const guard = new GuardedTransport({ transport, bus: 'orders', instanceId: 'one', clock, logger, publishTimeoutMs: 30_000, random: () => 0, ...options })
  return { guard, transport, clock, logger }
}

export async function connected(script: Script = {}, options: Partial<GuardOptions> = {}): Promise<Guarded> {
  const all = guarded(script, options)
  await all.guard.connect(anyHost)
  return all
}

/** A message; `id` is also its text in assertions. */
export function message(
  id: string,
  init: { readonly key?: string; readonly to?: string; readonly destination?: Destination; readonly bytes?: number } = {},
): Outgoing {
  const { key, to = 'orders', destination = { kind: 'endpoint', name: to, ordered: false }, bytes = 10 } = init
  const envelope = {
    id,
    type: 'orders.place-order',
    version: 1,
    source: 'shop',
    time: '2026-01-01T00:00:00.000Z',
    contentType: 'application/json',
    kind: 'command',
    headers: {},
    system: {},
    body: new Uint8Array(bytes),
  } as const
  return { destination, envelope: key === undefined ? envelope : { ...envelope, key }, copyId: `copy-${id}` }
}

/** What has become of a promise, for tests that must not wait for it. */
export function outcomeOf(promise: Promise<unknown>): { state: 'pending' | 'resolved' | 'rejected'; error?: unknown } {
  const outcome: { state: 'pending' | 'resolved' | 'rejected'; error?: unknown } = { state: 'pending' }
  promise.then(
    () => {
      outcome.state = 'resolved'
    },
    (error: unknown) => {
      outcome.state = 'rejected'
      outcome.error = error
    },
  )
  return outcome
}
