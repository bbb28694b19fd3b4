import type { Claimed, ClaimedMessage, Outgoing, ScheduledMessage, ScheduleStore } from '@waybill/core/contract'
import type { StoreLab, StorePlace } from '../store-suite.js'

/** What the author of a schedule store supplies: one set of rows, for one scenario. */
export interface SchedulePlace extends StorePlace {
  /** The store as one more process has it, on the same rows. */
  open(): Promise<ScheduleStore>
}

export type ScheduleLab = StoreLab<SchedulePlace>

export const bus = 'orders'
export const startMs = Date.UTC(2026, 0, 1)
export const leaseMs = 60_000
export const dayMs = 86_400_000
export const never: AbortSignal = new AbortController().signal

/** A message that is due a minute after the start, unless told otherwise. */
export const message = (key: string, changes: Partial<ScheduledMessage> = {}): ScheduledMessage => ({
  key,
  dueMs: startMs + 60_000,
  outgoing: outgoing(key),
  purpose: 'message',
  cancelId: key,
  ifOver: 'keep',
  ...changes,
})

/** Header maps without a prototype, and every byte in the body. */
export const outgoing = (id: string): Outgoing => ({
  destination: { kind: 'endpoint', name: 'billing', ordered: true },
  copyId: id,
  envelope: {
    id,
    type: 'orders.place-order',
    version: 3,
    source: bus,
    time: '2026-01-01T00:00:00.000Z',
    contentType: 'application/json',
    kind: 'command',
    correlationId: 'conversation',
    causationId: 'cause',
    replyTo: 'address',
    expiresAt: startMs + 40 * dayMs,
    key: 'customer-1',
    headers: record({ tenant: 'a', 'x-ünïcode': '✓ "quoted"\n', constructor: 'own' }),
    system: record({ 'content-encoding': 'gzip', 'target-handler': 'orders.place-order' }),
    body: Uint8Array.from({ length: 256 }, (_, index) => index),
  },
  original: { body: Uint8Array.from([0, 255, 128]), native: '{"properties":{"x":1}}' },
})

const record = (of: Readonly<Record<string, string>>): Readonly<Record<string, string>> => Object.assign(Object.create(null) as Record<string, string>, of)

export const claim = (store: ScheduleStore, atMs: number, limit = 100): Promise<Claimed> => store.claim(bus, { nowMs: atMs, leaseMs, limit })

export const keysOf = ({ rows }: Claimed): readonly string[] => rows.map(({ key }) => key)

/** Claims, and checks which rows that gave. */
export async function claimed(
  { checks }: ScheduleLab,
  store: ScheduleStore,
  expected: { readonly atMs: number; readonly keys: readonly string[] },
): Promise<readonly ClaimedMessage[]> {
  const answer = await claim(store, expected.atMs)
  checks.named(`what can be claimed ${expected.atMs - startMs} ms after the start`).equal(keysOf(answer), expected.keys)
  return answer.rows
}
