import type { AnyMessage } from '../messages/index.js'
import type { MessageContext, SharedContext } from './message-context.js'

/** How a handler has ended, and so what becomes of its message. */
export type Settlement =
  | { readonly outcome: 'accepted' }
  /** Again, by this handler alone, after a while. */
  | { readonly outcome: 'deferred'; readonly delayMs: number }
  /** A dead letter. */
  | { readonly outcome: 'rejected'; readonly reason: string }
  /** The whole delivery goes back: the lock is lost or the bus stops. */
  | { readonly outcome: 'released' }

/** What sending came to: `held` until the handler succeeds, or confirmed by the broker. */
export interface Sent {
  readonly outcome: 'sent' | 'held'
}

declare const passed: unique symbol
/** What a wire step hands back, unread: it can pass or throw, and cannot settle. */
export interface Passed {
  readonly [passed]: true
}

/** The bytes of a delivery, before they are deserialized. */
export interface IncomingWireContext extends SharedContext {
  readonly stage: 'incoming wire'
  readonly headers: Readonly<Record<string, string>>
  /** The framework's headers; the step that encoded the body has said so here. Those that steer the framework are left out of what came through a topic. */
  readonly system: Readonly<Record<string, string>>
  body: Uint8Array
}

/** A message that is being sent, before it is serialized: headers may be added, the message stays as it is. */
export interface OutgoingMessageContext extends SharedContext {
  readonly stage: 'outgoing message'
  readonly message: AnyMessage
  readonly headers: Record<string, string>
}

/** The bytes of a message, once; what is sent again is not encoded again. */
export interface OutgoingWireContext extends SharedContext {
  readonly stage: 'outgoing wire'
  readonly headers: Record<string, string>
  readonly system: Record<string, string>
  body: Uint8Array
}

/** `next` takes the context, so a pipeline is composed once and no message makes a closure. A step that forgets to return the result does not compile. */
export type Step<Context, Result> = (context: Context, next: (context: Context) => Promise<Result>) => Promise<Result>

/** Both directions in one value: a compressor cannot be half installed, nor placed on the wrong side of serialization. Outgoing wire steps run in the order of the list, incoming wire steps in reverse. */
export interface Middleware {
  readonly name: string
  readonly outgoing?: {
    readonly message?: Step<OutgoingMessageContext, Sent>
    readonly wire?: Step<OutgoingWireContext, Sent>
  }
  readonly incoming?: {
    readonly wire?: Step<IncomingWireContext, Passed>
    readonly message?: Step<MessageContext, Settlement>
  }
}
