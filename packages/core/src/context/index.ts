export { contextKey, type ContextKey } from './context-key.js'
export { MessageContext, type SharedContext } from './message-context.js'
export type { IncomingWireContext, Middleware, OutgoingMessageContext, OutgoingWireContext, Passed, Sent, Settlement, Step } from './middleware.js'
export type { RequestOptions, Sender, SendOptions } from './sender.js'
