import { declareMessage } from './declare-message.js'
import type { Declared } from './declared.js'
import type { CommandOptions } from './message-options.js'
import type { Message } from './message.js'
import type { NoReply, Schema } from './schema.js'

/** An instance of any command, or of the one whose type is named. */
export interface Command<Type extends string = string, Reply = unknown, ReplyInput = unknown> extends Message<'command', Type, Reply, ReplyInput> {}

/**
 * Declares a command: sent to the one endpoint that handles it. `class PlaceOrder extends Command('orders.place-order', schema, { reply, key }) {}`
 *
 * Throws `MessageDeclarationError` for a type, schema or option that cannot be used.
 */
export function Command<const Type extends string, S extends Schema = Schema<{}, {}>, R extends Schema = NoReply, Wire = void>(
  type: Type,
  schema?: S,
  options?: CommandOptions<S, R, Wire>,
): Declared<'command', Type, S, R, Wire> {
  return declareMessage('command', type, { schema, options }) as Declared<'command', Type, S, R, Wire>
}
