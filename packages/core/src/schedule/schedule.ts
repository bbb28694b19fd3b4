import type { Outgoing, ScheduleStore } from '../contract/index.js'
import { NotCancelableError, SendError } from '../errors/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { crashes, type CrashEvent } from '../runtime/failpoint.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { Additions } from './additions.js'
import { Dispatcher } from './dispatcher.js'
import { rowOf, type Scheduled } from './scheduled.js'
import { StoreCalls } from './store-calls.js'

export interface ScheduleInit {
  readonly store: ScheduleStore
  readonly guard: GuardedTransport
  readonly timeoutMs: number
  /** How often a store that cannot be watched is asked. */
  readonly pollMs: number
  /** The framework's own additions (copies, what handlers held) begin or end to fail. */
  readonly trouble: (what: 'begins' | 'ends') => void
}

/** What the schedule does now. */
export interface ScheduleHealth {
  /** `down`: the store does not answer, and is asked again. */
  readonly store: 'open' | 'down'
  /** On their way into the store. */
  readonly adding: number
  /** Due, and on their way to the broker. */
  readonly sending: number
  /** Due, and refused by the broker: they stay in the store and are tried again. */
  readonly refused: number
}

/** The messages of one bus that wait in the schedule store: into it, out of it when they are due, and back. */
export class Schedule {
  readonly #scope: BusScope
  readonly #init: ScheduleInit
  readonly #calls: StoreCalls
  readonly #additions: Additions
  readonly #dispatcher: Dispatcher
  #failing = 0
  #isDead = false

  constructor(scope: BusScope, init: ScheduleInit) {
    const { store, guard, timeoutMs, pollMs } = init
    this.#scope = scope
    this.#init = init
    this.#calls = new StoreCalls(scope, timeoutMs)
    this.#additions = new Additions(scope, store, { calls: this.#calls, timeoutMs })
    this.#dispatcher = new Dispatcher({ scope, store, guard, calls: this.#calls, pollMs })
  }

  get health(): ScheduleHealth {
    const { sending, refused } = this.#dispatcher
    return { store: this.#calls.isDown ? 'down' : 'open', adding: this.#additions.size, sending, refused }
  }

  /** Resolves when the store has it: from then on it leaves when it is due. Rejects with a `SendError`. */
  async add(outgoing: Outgoing, scheduled: Scheduled, signal?: AbortSignal): Promise<void> {
    if (this.#isDead) await never
    await this.#additions.add(rowOf(outgoing, scheduled), signal)
    this.#dispatcher.added(scheduled.dueMs)
  }

  /** For copies and what handlers held: tries until the store has it, also when the last outcome is unknown: the same row is kept once. Rejects when the store refuses it for good, when the signal gives up, and at the end. */
  async addUntilTaken(outgoing: Outgoing, scheduled: Scheduled, signal: AbortSignal): Promise<void> {
    let failures = 0
    try {
      for (;;) {
        try {
          return await this.add(outgoing, scheduled, signal)
        } catch (error) {
          if (!mayHelp(error)) throw error
          failures += 1
          if (failures === 1) this.#trouble(1)
          if ((await this.#calls.rest(failures, signal)) === 'ended') throw error
        }
      }
    } finally {
      if (failures > 0) this.#trouble(-1)
    }
  }

  /** Takes a message of this bus back. After `cancelled` it never arrives. Rejects with `NotCancelableError` when the store does not know it, with `ScheduleStoreError` when that cannot be said: ask again. */
  async cancel(id: string): Promise<'cancelled' | 'too-late'> {
    const { bus, clock } = this.#scope
    const answer = await this.#calls.call('cancel a message', () => this.#init.store.cancel(bus, id, clock.now()))
    if (answer === 'unknown') throw new NotCancelableError(id, 'not-stored')
    if (answer === 'cancelled') this.#dispatcher.cancelled(id)
    return answer
  }

  /** What is due leaves from now on. */
  start(): void {
    crashes.subscribe(this.#crashed)
    this.#dispatcher.start()
  }

  /** Claims nothing more. Resolves when what is claimed has left, or is given back because the signal aborts. */
  stop(signal: AbortSignal): Promise<void> {
    return this.#dispatcher.stop(signal)
  }

  /** Resolves when nothing is on its way into the store, or when the signal aborts. */
  drain(signal: AbortSignal): Promise<void> {
    return this.#additions.drained(signal)
  }

  /** Nothing waits any more. What is not in the store by now is rejected. */
  close(): void {
    crashes.unsubscribe(this.#crashed)
    this.#dispatcher.close()
    this.#calls.close()
    this.#additions.close()
  }

  /** A bus that dies at an armed failpoint does nothing more to the store, as a process that is gone would not. */
  readonly #crashed = (event: unknown): void => {
    if ((event as CrashEvent).instanceId !== this.#scope.instanceId) return
    this.#isDead = true
    this.#dispatcher.die()
  }

  #trouble(by: 1 | -1): void {
    const before = this.#failing
    this.#failing += by
    if (before === 0) this.#init.trouble('begins')
    else if (this.#failing === 0) this.#init.trouble('ends')
  }
}

const never = new Promise<never>(() => undefined)

function mayHelp(error: unknown): boolean {
  return error instanceof SendError && error.failures.every(({ retryable }) => retryable)
}
