import { declareMessage } from './declare-message.js'
import type { Declared } from './declared.js'
import type { QueryOptions } from './message-options.js'
import type { Message } from './message.js'
import type { Schema } from './schema.js'

/** An instance of any query, or of the one whose type is named. */
export interface Query<Type extends string = string, Reply = {} | null, ReplyInput = unknown> extends Message<'query', Type, Reply, ReplyInput> {}

/**
 * Declares a query: requested, and answered with its reply or with a fault; a dead letter only where its asker cannot be told. `class GetOrder extends Query('orders.get-order', schema, { reply }) {}`
 *
 * Throws `MessageDeclarationError` for a type, schema or option that cannot be used.
 */
export function Query<const Type extends string, S extends Schema, R extends Schema, Wire = void>(
  type: Type,
  schema: S,
  options: QueryOptions<S, R, Wire>,
): Declared<'query', Type, S, R, Wire> {
  return declareMessage('query', type, { schema, options }) as Declared<'query', Type, S, R, Wire>
}
