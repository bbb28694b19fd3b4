import type { EventOutcome, Gathered, GatherOptions, RequestEventOptions, RequestOptions, Sender, SendOptions } from '../context/index.js'
import type { Unfinished } from '../incoming/index.js'
import type { AnyEventClass, Answerable, Event, MessageOf, ReplyOf, Sendable } from '../messages/index.js'
import type { BusDescription } from './describe.js'
import type { BusHealth } from './health.js'

/** What `stop()` left behind. */
export interface Stopped {
  /** Handlers that had not ended at the deadline. Their deliveries went back to the broker. */
  readonly unfinished: readonly Unfinished[]
}

/** One service on one transport. An abstract class, so that it is a type and an injection token in one. */
export abstract class Bus implements Sender {
  abstract readonly name: string

  /** Checks everything, connects, provisions and subscribes. Rejects with one `ConfigurationError` that names all problems, or with a `TransportError`. Idempotent; a bus that was stopped may be started again. */
  abstract start(): Promise<void>
  /** Takes nothing new, lets running handlers end until `stopTimeout`, gives back what is not done, closes. Idempotent, and never rejects: what a transport fails to end is logged. Inside of a handler do not await it: it waits for that handler. */
  abstract stop(): Promise<Stopped>
  /** The end of `await using bus = createBus(…)`: `stop()`. What is unfinished then, only `stop()` itself tells. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
  /** What is open, what runs, what is paused and why. */
  abstract health(): BusHealth
  /** Endpoints, handlers, routes, pipelines, policies, and the report of the start. Works without a broker. */
  abstract describe(): Promise<BusDescription>

  /** Sends a command to its endpoint. Resolves when the broker has taken responsibility; rejects with a `SendError` that says what is refused and what is unknown. */
  abstract send(command: Sendable, options?: SendOptions): Promise<void>
  /** Publishes an event to every subscriber of its topic, also to none. Resolves and rejects like `send`. */
  abstract publish(event: Event, options?: SendOptions): Promise<void>
  /**
   * Takes back a delayed message of this bus that its schedule store holds, by its id; also inside a handler, at once.
   * After `cancelled` it never arrives; `too-late`: it has left, or may have. Rejects with `NotCancelableError` where no
   * store holds it (it was sent without `cancelable: true`, or left more than a day ago), with `ScheduleStoreError` when
   * the store does not answer: asking again is safe.
   */
  abstract cancel(id: string): Promise<'cancelled' | 'too-late'>
  /** Sends a command or query and resolves with its reply. Rejects with `RemoteError` when the handler failed, with `RequestTimeoutError` when no reply came in time. */
  abstract request<M extends Answerable>(message: M, options?: RequestOptions): Promise<ReplyOf<M>>
  /** Sends a request to each endpoint of `from` and resolves with their answers when all, `count` or `quorum` have come, or the time is over: who is missing is named, never an error. Rejects with `NoQuorumError`. */
  abstract gather<M extends Answerable, From extends string>(message: M, options: GatherOptions<From>): Promise<Gathered<ReplyOf<M>, From>>
  /** Sends a command and resolves with the first of these events that it causes, itself or through other messages. They are declared in `awaits`. Rejects with `EventTimeoutError` when none came in time. */
  abstract requestEvent<S extends AnyEventClass, F extends AnyEventClass = never>(
    command: Sendable,
    options: RequestEventOptions<S, F>,
  ): Promise<EventOutcome<MessageOf<S>, MessageOf<F>>>
}
