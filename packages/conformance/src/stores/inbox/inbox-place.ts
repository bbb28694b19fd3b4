import type { Envelope, InboxAnswer, InboxClaim, InboxDone, InboxRequest, InboxStore } from '@waybill/core/contract'
import type { StoreLab, StorePlace } from '../store-suite.js'
import { watched, type Watched } from '../watched.js'

/** What the author of an inbox store supplies: one set of rows, for one scenario. */
export interface InboxPlace extends StorePlace {
  /** The store as one more process has it, on the same rows. */
  open(): Promise<InboxStore>
  /** That process dies: its connections are gone, and it says nothing any more. A store that cannot tell one process from another has nothing to do. */
  kill(store: InboxStore): Promise<void>
  /** The store's clock, in epoch milliseconds. */
  now(): number
  /** Moves that clock on, and waits until what is under way has settled; 0 only waits. */
  advance(ms: number): Promise<void>
  /** For how long what is done is kept. */
  readonly retentionMs: number
}

export type InboxLab = StoreLab<InboxPlace>

export const leaseMs = 30_000
export const dayMs = 86_400_000

/** A row of its own. */
export const request = (place: InboxPlace, changes: Partial<InboxRequest> = {}): InboxRequest => ({
  endpoint: 'orders',
  handler: 'orders.place-order',
  formerHandlers: [],
  source: 'shop',
  id: '0193a5b2-7c1e-7000-8000-000000000001',
  time: place.now(),
  redelivered: false,
  leaseMs,
  ...changes,
})

export const never: AbortSignal = new AbortController().signal

/** How a claim was answered: its state, `rejected`, or `waiting` when there is no answer yet. */
export const stateOf = ({ state, value }: Watched<{ readonly state: string }>): string => value?.state ?? state

/** The answer to a claim; fails the check, and gives `undefined`, where it is another one. */
export async function claimed({ place, checks }: InboxLab, store: InboxStore, wanted: InboxRequest): Promise<InboxClaim | undefined> {
  const answer = await asked(place, store, wanted)
  checks.named('the row is claimed').equal(stateOf(answer), 'claimed')
  return answer.value?.state === 'claimed' ? answer.value : undefined
}

/** A claim, watched until it is answered or nothing happens any more. */
export async function asked(place: InboxPlace, store: InboxStore, wanted: InboxRequest, signal: AbortSignal = never): Promise<Watched<InboxAnswer>> {
  const answer = watched(store.claim(wanted, signal))
  await place.advance(0)
  return answer
}

/** A claim that is to be answered `held`, and its wait. */
export async function waiting(
  lab: InboxLab,
  store: InboxStore,
  wanted: InboxRequest,
  signal: AbortSignal = never,
): Promise<Watched<InboxClaim | InboxDone> | undefined> {
  const { place, checks } = lab
  const answer = await asked(place, store, wanted, signal)
  checks.named('a row that another one holds is answered held, at once').equal(stateOf(answer), 'held')
  if (answer.value?.state !== 'held') return undefined
  const wait = watched(answer.value.wait())
  await place.advance(0)
  return wait
}

/** Marks the row as done; fails the check where it is not. */
export async function completed({ place, checks }: InboxLab, claim: InboxClaim | undefined, reply?: Envelope): Promise<void> {
  const done = claim === undefined ? undefined : watched(claim.complete(reply === undefined ? {} : { reply }))
  await place.advance(0)
  checks.named('the holder completes').equal(done?.value, 'done')
}

/** Keeps a claim for so long, as a bus does while its handler runs. */
export async function kept(place: InboxPlace, claim: InboxClaim | undefined, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += leaseMs / 3) {
    await claim?.renew?.()
    await place.advance(leaseMs / 3)
  }
}

/** A reply with every byte in it. */
export const reply: Envelope = Object.freeze({
  id: '0193a5b2-7c1e-7000-8000-0000000000aa',
  type: 'orders.place-order',
  version: 3,
  source: 'orders',
  time: '2026-01-01T00:00:00.000Z',
  contentType: 'application/json',
  kind: 'reply',
  correlationId: 'conversation',
  causationId: '0193a5b2-7c1e-7000-8000-000000000001',
  expiresAt: 1_767_225_600_000,
  headers: Object.freeze({ tenant: 'a', 'x-ünïcode': '✓ "quoted"\n' }),
  system: Object.freeze({ 'content-encoding': 'gzip' }),
  body: Uint8Array.from({ length: 256 }, (_, index) => index),
})
