import type { Claim, Claimed, ClaimedMessage, ClaimRequest, Envelope, GivenBack, Outgoing, ScheduledMessage } from '../contract/index.js'

/** A row as a side door shows it. */
export interface ScheduleRowView {
  readonly bus: string
  readonly key: string
  readonly id: string
  readonly type: string
  readonly dueMs: number
  readonly purpose: ScheduledMessage['purpose']
  readonly state: 'waiting' | 'claimed'
  /** Times that the broker has refused it. */
  readonly failures: number
}

interface Row {
  readonly message: ScheduledMessage
  /** Equal times go in the order of adding. */
  readonly order: number
  /** How many tokens there were when it was added: those are of earlier rows. */
  readonly tokensBefore: number
  /** From when on it may be claimed. */
  atMs: number
  failures: number
  maybeSent: boolean
  claim: { readonly token: string; readonly untilMs: number } | undefined
}

/** A key that is over: a message of a running handler's second run must not come again. */
interface Over {
  readonly how: 'sent' | 'cancelled'
  readonly cancelId: string | undefined
  readonly madeBy: string | undefined
  readonly untilMs: number
}

const rememberedMs = 86_400_000
/** What is over is looked through when it has doubled: each is looked at a few times, not at every call. */
const fewOver = 1_024

/** The rows of one bus. */
export class ScheduleRows {
  readonly #rows = new Map<string, Row>()
  /** Sorted: by time, then by the order of adding. */
  readonly #waiting: Row[] = []
  readonly #claimed = new Set<Row>()
  readonly #over = new Map<string, Over>()
  readonly #keysOf = new Map<string, Set<string>>()
  #order = 0
  #tokens = 0
  #sweepAt = fewOver

  add(given: ScheduledMessage): void {
    const { key, cancelId, dueMs } = given
    if (this.#rows.has(key) || this.#isOver(given)) return
    this.#forget(key)
    this.#order += 1
    const message = { ...given, outgoing: copyOf(given.outgoing) }
    const row: Row = { message, order: this.#order, tokensBefore: this.#tokens, atMs: dueMs, failures: 0, maybeSent: false, claim: undefined }
    this.#rows.set(key, row)
    this.#wait(row)
    if (cancelId === undefined) return
    const keys = this.#keysOf.get(cancelId)
    if (keys === undefined) this.#keysOf.set(cancelId, new Set([key]))
    else keys.add(key)
  }

  claim({ nowMs, leaseMs, limit }: ClaimRequest): Claimed {
    this.#sweep(nowMs)
    for (const row of this.#claimed) {
      if (row.claim === undefined || row.claim.untilMs > nowMs) continue
      // Who had it may have sent it before it died.
      row.maybeSent = true
      this.#unclaim(row)
    }
    let count = 0
    while (count < limit && (this.#waiting[count]?.atMs ?? Infinity) <= nowMs) count += 1
    const rows = this.#waiting.splice(0, count).map((row): ClaimedMessage => {
      this.#tokens += 1
      const token = String(this.#tokens)
      row.claim = { token, untilMs: nowMs + leaseMs }
      this.#claimed.add(row)
      return { ...row.message, outgoing: copyOf(row.message.outgoing), token, failures: row.failures }
    })
    return { rows, nextMs: this.#nextMs() }
  }

  sent({ key, token }: Claim, nowMs: number): void {
    const row = this.#rows.get(key)
    if (row !== undefined && Number(token) > row.tokensBefore) this.#end(row, 'sent', nowMs)
  }

  giveBack({ key, token, againMs, failures, maybeSent }: GivenBack): void {
    const row = this.#rows.get(key)
    if (row?.claim?.token !== token) return
    row.atMs = Math.max(againMs, row.message.dueMs)
    row.failures = failures
    row.maybeSent ||= maybeSent
    this.#unclaim(row)
  }

  cancel(cancelId: string, nowMs: number): 'cancelled' | 'too-late' | 'unknown' {
    const keys = [...(this.#keysOf.get(cancelId) ?? [])]
    if (keys.length === 0) return 'unknown'
    for (const key of keys) {
      const row = this.#rows.get(key)
      if (row !== undefined && row.claim === undefined && !row.maybeSent) this.#end(row, 'cancelled', nowMs)
    }
    return keys.every((key) => this.#over.get(key)?.how === 'cancelled') ? 'cancelled' : 'too-late'
  }

  views(bus: string): ScheduleRowView[] {
    return [...this.#rows.values()].toSorted(earlier).map(({ message: { key, dueMs, purpose, outgoing }, claim, failures }) => {
      const { id, type } = outgoing.envelope
      return { bus, key, id, type, dueMs, purpose, state: claim === undefined ? 'waiting' : 'claimed', failures }
    })
  }

  #nextMs(): number | undefined {
    let next = this.#waiting[0]?.atMs
    for (const { claim } of this.#claimed) if (claim !== undefined && (next === undefined || claim.untilMs < next)) next = claim.untilMs
    return next
  }

  #wait(row: Row): void {
    this.#waiting.splice(this.#placeOf(row), 0, row)
  }

  #unclaim(row: Row): void {
    row.claim = undefined
    this.#claimed.delete(row)
    this.#wait(row)
  }

  /** The first that does not come before it. */
  #placeOf(row: Row): number {
    let [from, to] = [0, this.#waiting.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (earlier(this.#waiting[middle] as Row, row) < 0) from = middle + 1
      else to = middle
    }
    return from
  }

  #end(row: Row, how: Over['how'], nowMs: number): void {
    const { key, cancelId, madeBy, dueMs } = row.message
    if (row.claim === undefined) this.#waiting.splice(this.#placeOf(row), 1)
    else this.#claimed.delete(row)
    this.#rows.delete(key)
    this.#over.set(key, { how, cancelId, madeBy, untilMs: Math.max(nowMs, dueMs) + rememberedMs })
  }

  /** The same message once more, not a new one under its key. */
  #isOver({ key, ifOver, madeBy }: ScheduledMessage): boolean {
    const over = this.#over.get(key)
    return over !== undefined && (ifOver === 'keep' || (madeBy !== undefined && madeBy === over.madeBy))
  }

  #forget(key: string): void {
    const cancelId = this.#over.get(key)?.cancelId
    this.#over.delete(key)
    const keys = cancelId === undefined ? undefined : this.#keysOf.get(cancelId)
    keys?.delete(key)
    if (cancelId !== undefined && keys?.size === 0) this.#keysOf.delete(cancelId)
  }

  #sweep(nowMs: number): void {
    if (this.#over.size < this.#sweepAt) return
    for (const [key, { untilMs }] of this.#over) if (untilMs <= nowMs) this.#forget(key)
    this.#sweepAt = Math.max(fewOver, 2 * this.#over.size)
  }
}

const earlier = (a: Row, b: Row): number => a.atMs - b.atMs || a.order - b.order

/** By value, both ways: what its caller changes afterwards changes nothing here. */
function copyOf({ envelope, original, ...outgoing }: Outgoing): Outgoing {
  return {
    ...outgoing,
    destination: { ...outgoing.destination },
    envelope: copyOfEnvelope(envelope),
    ...(original === undefined ? undefined : { original: { body: bytes(original.body), native: original.native } }),
  }
}

const copyOfEnvelope = (envelope: Envelope): Envelope => ({
  ...envelope,
  headers: record(envelope.headers),
  system: record(envelope.system),
  body: bytes(envelope.body),
})

const record = (from: Readonly<Record<string, string>>): Record<string, string> => Object.assign(Object.create(null) as Record<string, string>, from)
const bytes = (from: Uint8Array | null): Uint8Array | null => (from === null ? null : new Uint8Array(from))
