import type { MessageContext, Sender } from '../context/index.js'

/** Makes handlers that have constructor parameters. inversify's `Container` fits as it is. */
export interface Container {
  /** Once per message and attempt, before the handler is called. */
  get<T>(type: abstract new (...args: never[]) => T, context?: MessageContext & NoOptions): T | Promise<T>
  /** Whether it makes this class also where the constructor has no parameters. @default no */
  has?(type: abstract new (...args: never[]) => unknown): boolean
  /** Makes the bus injectable. Called once, by `createBus`, with the bus that it returns. */
  attach?(bus: Sender): void
  /** After the handler has ended, whatever it came to. */
  release?(context: MessageContext): void | Promise<void>
}

/** Inversify's second parameter are options; sharing one of them, which is never set, makes the types fit. */
interface NoOptions {
  readonly optional?: false
}
