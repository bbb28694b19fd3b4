import type { Outgoing } from './outgoing.js'

/**
 * Keeps messages until they are due. Rows belong to the bus that stored them, which alone sends them: each of its
 * instances claims what is due, sends it, and only then says that it is sent. So a process that dies in between
 * duplicates a message, with its id and its `copyId`, and loses none.
 *
 * A key that is over, sent or cancelled, is remembered until a day after the end, or after its time if that is later; it may
 * be remembered for longer.
 *
 * All times are epoch milliseconds on the clock of the bus. Every call may be made concurrently, by many instances.
 */
export interface ScheduleStore {
  /** `process`: what it keeps ends with this process. */
  readonly durability: 'process' | 'disk'
  /** Calls `changed` whenever anybody has made something due or claimable earlier; returns the function that ends it. A store without it is asked again and again. */
  watch?(changed: () => void): () => void
  /**
   * Keeps all of them, or none. A row whose key waits already stays as it is. Of a key that is over (sent or cancelled)
   * `ifOver` decides. A rejection means unknown for all, unless its cause says
   * `outcome: 'refused'`; adding them again is always safe.
   */
  add(bus: string, messages: readonly ScheduledMessage[], signal: AbortSignal): Promise<void>
  /**
   * Takes what is due and unclaimed, or whose claim is over: by `dueMs` (what was given back: by `againMs`), among equals
   * in the order of adding. What it returns is this caller's alone until `nowMs + leaseMs`. Never takes what is not due.
   */
  claim(bus: string, request: ClaimRequest): Promise<Claimed>
  /**
   * The broker has them: they are removed, also when the claim is over. What is unknown is passed over, and so is a row
   * that was added under the key after the one that was claimed: this may be told late, and twice.
   */
  sent(bus: string, rows: readonly Claim[], nowMs: number): Promise<void>
  /** They were not sent, and may be claimed again at `againMs`. What another one has claimed meanwhile is passed over. */
  giveBack(bus: string, rows: readonly GivenBack[]): Promise<void>
  /**
   * Removes every row of this `cancelId` that nobody has claimed and that cannot have been sent. `cancelled`: none of them
   * will ever be claimed, also when this is asked a second time. `too-late`: one is claimed, or is or may be sent.
   * `unknown`: there is no such row, and none is remembered.
   */
  cancel(bus: string, cancelId: string, nowMs: number): Promise<'cancelled' | 'too-late' | 'unknown'>
}

/** One row: a message as it is to leave, with everything that its sending needs. */
export interface ScheduledMessage {
  /** Unique in its bus while it waits. */
  readonly key: string
  readonly dueMs: number
  /** By value: its bytes after the wire steps. A store that gives it back gives back equal bytes, and header maps with a null prototype. */
  readonly outgoing: Outgoing
  /** Whose message it is: its user's, or a copy that core makes of a delivery. */
  readonly purpose: 'message' | 'retry' | 'hop'
  /** What `cancel` finds it by; absent: nobody may cancel it. */
  readonly cancelId?: string
  /** What to do when its key is over. `keep`: nothing, it is the same message once more. `replace`: it is a new one. */
  readonly ifOver: 'keep' | 'replace'
  /** What made it, where that may run again. Of a key that is over, what this had made is not replaced by the same again: it is kept, as `keep` says. */
  readonly madeBy?: string
}

/** Who asks, by its clock, and for how much. */
export interface ClaimRequest {
  readonly nowMs: number
  /** How long the claim holds. Who dies with it gives it back so. */
  readonly leaseMs: number
  /** Rows at most. */
  readonly limit: number
}

/** What a claim came to. */
export interface Claimed {
  readonly rows: readonly ClaimedMessage[]
  /** When the next row can be claimed: what is not due yet, was given back or is claimed by somebody. `undefined`: there is none. At most `nowMs` when the limit left some. */
  readonly nextMs: number | undefined
}

/** Names one claim of one row. */
export interface Claim {
  readonly key: string
  /** Minted by the store, another one for each claim; it tells the claimed row from a later one of its key. */
  readonly token: string
}

/** A row that is this caller's to send. */
export interface ClaimedMessage extends Claim, ScheduledMessage {
  /** As the last `giveBack` has said it; 0 at first. */
  readonly failures: number
}

/** A row that was claimed and not sent. */
export interface GivenBack extends Claim {
  readonly againMs: number
  /** Times that it was refused. */
  readonly failures: number
  /** Whether the broker may have it: then it can no longer be cancelled. */
  readonly maybeSent: boolean
}
