import type {
  AnyEventClass,
  AnyHandledClass,
  AnyMessage,
  AnyMessageClass,
  Bus,
  Duration,
  EndpointOptions,
  HandlerEntry,
  MessageOf,
  Sender,
  Stopped,
} from '@waybill/core'
import type { Envelope } from '@waybill/core/contract'
import type { MemoryBroker } from '@waybill/core/memory'
import type { VirtualClock } from '@waybill/core/runtime'
import type { DeadLetter, Failure, Handled } from './recorder.js'
import type { TestBusOptions } from './test-bus-options.js'

/** How long `settled`, `advance` and `stop` wait for what does not answer. */
export interface SettleOptions {
  /** Of the machine's time, for code of the service that does I/O and announces nothing meanwhile. @default '1s' */
  readonly within?: Duration
  /** Deliveries after which the work counts as endless. @default 100_000 */
  readonly deliveries?: number
}

/** A started bus on a broker and a clock of its own, and a record of what it does. Other buses of the process are not seen. */
export interface Harness extends Sender, AsyncDisposable {
  readonly bus: Bus
  /** Stands still but for `advance`. */
  readonly clock: VirtualClock
  /** With its side doors: raw messages, what lies where, faults. */
  readonly broker: MemoryBroker

  /** Starts another bus on the same broker and clock. It is recorded, waited for and stopped with the first. */
  join<H extends HandlerEntry = never, E extends Readonly<Record<string, EndpointOptions>> = {}>(options: TestBusOptions<H, E>): Promise<Bus>

  /**
   * Resolves when nothing is under way: no message ready or unsettled, no lane waiting, no send unconfirmed, no request
   * unanswered. What is delayed stays delayed, at the broker and in a
   * schedule store: the clock stands still. Rejects with `StuckError` when work is left that
   * makes no progress, with `EndlessError` when it never ends.
   */
  settled(options?: SettleOptions): Promise<void>
  /** Moves the clock, runs what falls due in order of its time, and lets each moment settle before the next. What is stuck does not hold it up longer than `within` in all. */
  advance(duration: Duration, options?: SettleOptions): Promise<void>

  /** Events of this class that the broker has taken, in that order; whoever published them, subscribers or not. */
  published<C extends AnyEventClass>(event: C): readonly MessageOf<C>[]
  /** Commands, documents and queries of this class that the broker has taken, in that order; the test's own too. */
  sent<C extends AnyHandledClass>(message: C): readonly MessageOf<C>[]
  /** The envelope of a message that `published` or `sent` has returned: id, headers, correlation, cause, key. */
  envelopeOf(message: AnyMessage): Envelope
  /** Runs that succeeded, in that order: all, of a message class, or of a handler by its id. */
  handled(of?: AnyMessageClass | string): readonly Handled[]
  /** Attempts that failed, in that order: all, of a message class, or of a handler by its id. */
  failures(of?: AnyMessageClass | string): readonly Failure[]
  /** What was put away, in that order: all, of a message class, or of a handler by its id (`*`: before any handler). */
  deadLetters(of?: AnyMessageClass | string): readonly DeadLetter[]

  /** Stops every bus, moving the clock for handlers that do not end, and ends the record; what is in it stays readable. Idempotent. */
  stop(options?: SettleOptions): Promise<Stopped>
}
