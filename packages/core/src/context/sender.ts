import type { AnyEventClass, Answerable, Event, MessageOf, ReplyOf, Sendable } from '../messages/index.js'
import type { Gathered, GatherOptions } from './gather.js'
import type { EventOutcome, RequestEventOptions } from './requested-event.js'
import type { RequestOptions, SendOptions } from './send-options.js'

/** The verbs, the same on the bus and in a handler. */
export interface Sender {
  /** Sends a command to its endpoint. Outside of a handler: resolves when the broker has taken responsibility, rejects with a `SendError`. Inside: resolves when held. */
  send(command: Sendable, options?: SendOptions): Promise<void>
  /** Publishes an event to everybody who subscribes to its topic, also to nobody. Resolves and rejects like `send`. */
  publish(event: Event, options?: SendOptions): Promise<void>
  /** Sends a command or query at once and resolves with its reply. Rejects with `RemoteError` when the handler failed and with `RequestTimeoutError` when no reply came in time. */
  request<M extends Answerable>(message: M, options?: RequestOptions): Promise<ReplyOf<M>>
  /** Sends a request to each endpoint of `from` at once and resolves with their answers when all, `count` or `quorum` have come, or the time is over: who is missing is named, never an error. Rejects with `NoQuorumError`. */
  gather<M extends Answerable, From extends string>(message: M, options: GatherOptions<From>): Promise<Gathered<ReplyOf<M>, From>>
  /** Sends a command at once and resolves with the first of these events that it causes, itself or through other messages. They are declared in `awaits`. Rejects with `EventTimeoutError` when none came in time. */
  requestEvent<S extends AnyEventClass, F extends AnyEventClass = never>(
    command: Sendable,
    options: RequestEventOptions<S, F>,
  ): Promise<EventOutcome<MessageOf<S>, MessageOf<F>>>
}
