import type { AnyEventClass, AnyMessage, Answerable, Event, MessageOf, ReplyOf, Sendable } from '../messages/index.js'
import type { ContextKey } from './context-key.js'
import type { Gathered, GatherOptions } from './gather.js'
import type { EventOutcome, RequestEventOptions } from './requested-event.js'
import type { RequestOptions, SendOptions } from './send-options.js'
import type { Sender } from './sender.js'

/** What every context has. */
export interface SharedContext {
  /** Of the message. */
  readonly id: string
  readonly type: string
  readonly signal: AbortSignal
  /** The value; a `ContextKeyError` that names the key when nothing has set it. */
  get<T>(key: ContextKey<T>): T
  find<T>(key: ContextKey<T>): T | undefined
  set<T>(key: ContextKey<T>, value: T): void
}

/**
 * What a handler, and a middleware around it, sees of the message that is being handled. One per handler of a delivery
 * and attempt. An abstract class, so that it is a type and an injection token in one.
 */
export abstract class MessageContext implements SharedContext, Sender {
  abstract readonly stage: 'incoming message'
  abstract readonly message: AnyMessage
  /** The message's id: the same at every attempt, redelivery and redrive. Unique per `source` only. */
  abstract readonly id: string
  abstract readonly type: string
  /** The bus that sent it. */
  abstract readonly source: string
  abstract readonly headers: Readonly<Record<string, string>>
  abstract readonly correlationId: string | undefined
  abstract readonly causationId: string | undefined
  abstract readonly key: string | undefined
  /** When it was sent, RFC 3339. */
  abstract readonly time: string
  abstract readonly endpoint: string
  /** The id of the handler. */
  abstract readonly handler: string
  /** From 1: failures of this handler on this message, plus one. Never the broker's deliveries. */
  abstract readonly attempt: number
  /** Aborts at the handler's deadline, when the lock is lost and when the bus stops. Pass it to what you wait for. */
  abstract readonly signal: AbortSignal

  abstract get<T>(key: ContextKey<T>): T
  abstract find<T>(key: ContextKey<T>): T | undefined
  abstract set<T>(key: ContextKey<T>, value: T): void

  /** Held until this handler succeeds; validated and serialized at the call. */
  abstract send(command: Sendable, options?: SendOptions): Promise<void>
  /** Held until this handler succeeds; validated and serialized at the call. */
  abstract publish(event: Event, options?: SendOptions): Promise<void>
  /** Leaves at once. */
  abstract request<M extends Answerable>(message: M, options?: RequestOptions): Promise<ReplyOf<M>>
  /** Leave at once. */
  abstract gather<M extends Answerable, From extends string>(message: M, options: GatherOptions<From>): Promise<Gathered<ReplyOf<M>, From>>
  /** Leaves at once. */
  abstract requestEvent<S extends AnyEventClass, F extends AnyEventClass = never>(
    command: Sendable,
    options: RequestEventOptions<S, F>,
  ): Promise<EventOutcome<MessageOf<S>, MessageOf<F>>>
}
