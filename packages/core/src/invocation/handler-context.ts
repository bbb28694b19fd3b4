import {
  MessageContext,
  ContextState,
  type ContextKey,
  type EventOutcome,
  type Gathered,
  type GatherOptions,
  type RequestEventOptions,
  type RequestOptions,
  type SendOptions,
} from '../context/index.js'
import type { Delivery, Envelope } from '../contract/index.js'
import type { HandlerTimeoutError } from '../errors/index.js'
import type { AnyEventClass, AnyMessage, Answerable, Event, MessageOf, ReplyOf, Sendable } from '../messages/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import { awaitedBy, HeldMessages, type Cause } from '../outgoing/index.js'
import { timeOfCause } from '../runtime/message-id.js'
import type { BoundHandlerIn } from './bound-handler.js'

/** How a context sends; the bus implements it. */
export interface ContextSender {
  send(verb: 'send' | 'publish', message: AnyMessage, options: SendOptions | undefined, cause: Cause): Promise<void>
  request<M extends Answerable>(message: M, options: RequestOptions | undefined, cause: Cause): Promise<ReplyOf<M>>
  gather<M extends Answerable, From extends string>(message: M, options: GatherOptions<From>, cause: Cause): Promise<Gathered<ReplyOf<M>, From>>
  requestEvent<S extends AnyEventClass, F extends AnyEventClass>(
    command: Sendable,
    options: RequestEventOptions<S, F>,
    cause: Cause,
  ): Promise<EventOutcome<MessageOf<S>, MessageOf<F>>>
}

/** What all handlers of one delivery share. */
export interface Received {
  readonly delivery: Delivery
  readonly envelope: Envelope
  readonly contract: MessageContract
  /** The message as it came: for one handler and attempt, so what another has done to its own is not seen. */
  takeMessage(): object
  readonly endpoint: string
  readonly ordered: boolean
  /** When its sender wanted it delivered, where that was a day or more later. */
  readonly dueAt: number | undefined
  /** It was delivered before, or comes out of a dead letter. */
  readonly isRedelivery: boolean
  readonly instanceId: string
  readonly sender: ContextSender
  /** What wire steps have set. */
  readonly state: ContextState | undefined
}

/** A handler as an endpoint runs it. */
export type BoundHandler = BoundHandlerIn<HandlerContext>

/** A deadline around another one. */
export interface Deadline {
  readonly atMs: number
  readonly timeoutMs: number
  readonly outer: Deadline | undefined
}

/** One attempt of one handler on one message. */
export class HandlerContext extends MessageContext implements Cause {
  readonly received: Received
  readonly bound: BoundHandler
  readonly attempt: number
  readonly held = new HeldMessages()
  /** When its deadline is over, by the clock of the bus. */
  deadlineAt = Number.POSITIVE_INFINITY
  /** How long that deadline gives it. `undefined` while nothing of it runs. */
  timeoutMs: number | undefined
  /** The deadline that holds again when the inner one is met. */
  outerDeadline: Deadline | undefined
  /** Set when a deadline was over before what it holds for had ended. */
  timedOut: HandlerTimeoutError | undefined
  /** The user's handler was called, and has not failed; nor has what it sent. */
  called = false
  /** What is counted when a step accepts without calling the handler; `answered` when that step has seen to the rest. */
  shortCircuit: 'short-circuited' | 'filtered' | 'answered' = 'short-circuited'
  /** What the last failure was, for the dead letter. */
  failure: Error | undefined
  /** Of this handler on this message, so far. */
  failures: number
  /** The reply that has left, as it was on the wire. */
  reply: Envelope | undefined
  /** The user's code, while nobody waits for it any more and it may still run. */
  run: PromiseLike<unknown> | undefined
  /** Ends the wait for a handler that does not end by itself. */
  abandon: ((reason: Error) => void) | undefined
  /** Its neighbours among those that run. */
  previousRunning: HandlerContext | undefined
  nextRunning: HandlerContext | undefined
  #message: object | undefined
  #state: ContextState | undefined
  #controller: AbortController | undefined
  #abortReason: Error | undefined

  constructor(received: Received, bound: BoundHandler, attempt: number) {
    super()
    this.received = received
    this.bound = bound
    this.attempt = attempt
    this.failures = attempt - 1
  }

  /** The next attempt: nothing of this one is left in it. */
  again(): HandlerContext {
    return new HandlerContext(this.received, this.bound, this.attempt + 1)
  }

  /** The same attempt, from its beginning: the one before was not one. */
  afresh(): HandlerContext {
    return new HandlerContext(this.received, this.bound, this.attempt)
  }

  get stage(): 'incoming message' {
    return 'incoming message'
  }
  get message(): AnyMessage {
    this.#message ??= this.received.takeMessage()
    return this.#message as AnyMessage
  }
  get id(): string {
    return this.received.envelope.id
  }
  get type(): string {
    return this.received.envelope.type
  }
  get source(): string {
    return this.received.envelope.source
  }
  /** Frozen when it is first read: retry copies and the other handlers have the same ones. */
  get headers(): Readonly<Record<string, string>> {
    return Object.freeze(this.received.envelope.headers)
  }
  get correlationId(): string | undefined {
    return this.received.envelope.correlationId
  }
  get awaitedBy(): string | undefined {
    return this.received.envelope.system[awaitedBy]
  }
  get causationId(): string | undefined {
    return this.received.envelope.causationId
  }
  get key(): string | undefined {
    return this.received.envelope.key
  }
  get time(): string {
    return this.received.envelope.time
  }
  get endpoint(): string {
    return this.received.endpoint
  }
  get handler(): string {
    return this.bound.id
  }
  get instanceId(): string {
    return this.received.instanceId
  }
  get isAbandoned(): boolean {
    return this.run !== undefined
  }
  get causeMs(): number {
    return this.received.dueAt ?? timeOfCause(this.received.envelope)
  }

  /** Made when somebody asks: most handlers do not. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason)
    }
    return this.#controller.signal
  }

  abort(reason: Error): void {
    this.#abortReason ??= reason
    this.#controller?.abort(reason)
  }

  get<T>(key: ContextKey<T>): T {
    return this.#ownState().get(key)
  }
  find<T>(key: ContextKey<T>): T | undefined {
    return (this.#state ?? this.received.state)?.find(key)
  }
  set<T>(key: ContextKey<T>, value: T): void {
    this.#ownState().set(key, value)
  }
  #ownState(): ContextState {
    this.#state ??= new ContextState(this.received.state)
    return this.#state
  }

  send(command: Sendable, options?: SendOptions): Promise<void> {
    return this.received.sender.send('send', command, options, this)
  }
  publish(event: Event, options?: SendOptions): Promise<void> {
    return this.received.sender.send('publish', event, options, this)
  }
  request<M extends Answerable>(message: M, options?: RequestOptions): Promise<ReplyOf<M>> {
    return this.received.sender.request(message, options, this)
  }
  gather<M extends Answerable, From extends string>(message: M, options: GatherOptions<From>): Promise<Gathered<ReplyOf<M>, From>> {
    return this.received.sender.gather(message, options, this)
  }
  requestEvent<S extends AnyEventClass, F extends AnyEventClass = never>(
    command: Sendable,
    options: RequestEventOptions<S, F>,
  ): Promise<EventOutcome<MessageOf<S>, MessageOf<F>>> {
    return this.received.sender.requestEvent(command, options, this)
  }
}
