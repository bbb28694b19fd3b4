import type { AnyMessage } from '@waybill/core'

interface Contract {
  readonly kind: string
  readonly type: string
  readonly topic: string
  keyOf(message: object): string | undefined
}

// The symbol by which copies of core know each other's messages.
const contract = Symbol.for('waybill.contract')

/** Where a message goes by default, and the key that keeps its order. */
export function placeOf(message: AnyMessage, given: string | undefined): { readonly to: string; readonly key: string | undefined; readonly isEvent: boolean } {
  const declared = (message as { readonly [contract]?: Contract })[contract]
  if (declared === undefined) return { to: 'nowhere', key: given, isEvent: false }
  const to = declared.kind === 'event' ? declared.topic : (declared.type.split('.', 1)[0] ?? declared.type)
  return { to, key: given ?? declared.keyOf(message), isEvent: declared.kind === 'event' }
}
