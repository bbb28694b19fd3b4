import { declareMessage } from './declare-message.js'
import type { Declared } from './declared.js'
import type { EventOptions } from './message-options.js'
import type { Message } from './message.js'
import type { NoReply, Schema } from './schema.js'

/** An instance of any event, or of the one whose type is named. */
export interface Event<Type extends string = string> extends Message<'event', Type, void, void> {}

/**
 * Declares an event: published to everybody who subscribes. `class OrderPlaced extends Event('orders.order-placed', schema, { key }) {}`
 *
 * Throws `MessageDeclarationError` for a type, schema or option that cannot be used.
 */
export function Event<const Type extends string, S extends Schema = Schema<{}, {}>, Wire = void>(
  type: Type,
  schema?: S,
  options?: EventOptions<S, Wire>,
): Declared<'event', Type, S, NoReply, Wire> {
  return declareMessage('event', type, { schema, options }) as Declared<'event', Type, S, NoReply, Wire>
}
