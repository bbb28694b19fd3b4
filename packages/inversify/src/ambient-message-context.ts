import {
  currentContext,
  MessageContext,
  NoMessageContextError,
  type AnyEventClass,
  type AnyMessage,
  type Answerable,
  type ContextKey,
  type Event,
  type EventOutcome,
  type Gathered,
  type GatherOptions,
  type MessageOf,
  type ReplyOf,
  type RequestEventOptions,
  type RequestOptions,
  type Sendable,
  type SendOptions,
} from '@waybill/core'

/** The context of whatever message is being handled where it is used. So one instance serves all messages, and a singleton that injects it never keeps the context of another message. */
export class AmbientMessageContext extends MessageContext {
  get stage(): 'incoming message' {
    return current().stage
  }
  get message(): AnyMessage {
    return current().message
  }
  get id(): string {
    return current().id
  }
  get type(): string {
    return current().type
  }
  get source(): string {
    return current().source
  }
  get headers(): Readonly<Record<string, string>> {
    return current().headers
  }
  get correlationId(): string | undefined {
    return current().correlationId
  }
  get causationId(): string | undefined {
    return current().causationId
  }
  get key(): string | undefined {
    return current().key
  }
  get time(): string {
    return current().time
  }
  get endpoint(): string {
    return current().endpoint
  }
  get handler(): string {
    return current().handler
  }
  get attempt(): number {
    return current().attempt
  }
  get signal(): AbortSignal {
    return current().signal
  }

  get<T>(key: ContextKey<T>): T {
    return current().get(key)
  }
  find<T>(key: ContextKey<T>): T | undefined {
    return current().find(key)
  }
  set<T>(key: ContextKey<T>, value: T): void {
    current().set(key, value)
  }

  // Asynchronous, so that a use outside of a handler rejects, as every other failure of these does.
  async send(command: Sendable, options?: SendOptions): Promise<void> {
    return current().send(command, options)
  }
  async publish(event: Event, options?: SendOptions): Promise<void> {
    return current().publish(event, options)
  }
  async request<M extends Answerable>(message: M, options?: RequestOptions): Promise<ReplyOf<M>> {
    return current().request(message, options)
  }
  async gather<M extends Answerable, From extends string>(message: M, options: GatherOptions<From>): Promise<Gathered<ReplyOf<M>, From>> {
    return current().gather(message, options)
  }
  async requestEvent<S extends AnyEventClass, F extends AnyEventClass = never>(
    command: Sendable,
    options: RequestEventOptions<S, F>,
  ): Promise<EventOutcome<MessageOf<S>, MessageOf<F>>> {
    return current().requestEvent(command, options)
  }
}

function current(): MessageContext {
  const context = currentContext()
  if (context === undefined) throw new NoMessageContextError('An injected MessageContext')
  return context
}
