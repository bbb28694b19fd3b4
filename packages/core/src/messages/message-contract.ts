import type { MessageKind } from './message.js'

/** What a declared message class knows at run time. Internal: users see the class. */
export interface MessageContract {
  readonly kind: MessageKind
  readonly type: string
  readonly version: number
  /** The topic of an event. @default its type */
  readonly topic: string
  readonly ordered: boolean
  readonly contentType: string
  readonly replies: boolean
  /** The declared ordering key for people: the name of a field, or `function`. */
  readonly key: string | undefined
  /** The declared ordering key of an instance; `undefined` when there is none, or when it is empty. */
  keyOf(message: object): string | undefined
  /** What goes to the wire: a value for JSON, or the bytes of a document. */
  wireOf(message: object): unknown
  /** An instance from what came over the wire: upcast from `version`, validated, no constructor runs. Throws a `MessageError`. */
  read(data: unknown, version: number): object
  /** The validated output of what a handler returned, ready for JSON; `undefined` when no reply is declared. Throws `InvalidMessageError` (WAYBILL_INVALID_REPLY). */
  writeReply(value: unknown): unknown
  /** What the requester gets from the JSON of a reply. Throws `InvalidMessageError` (WAYBILL_INVALID_REPLY). */
  readReply(data: unknown): unknown
  /** The same contract, whose `read` makes instances with this prototype. */
  boundTo(prototype: object): MessageContract
}

/** Under a registered symbol on the prototype, so that two copies of core recognise each other's messages. JSON cannot write it. */
const contract = Symbol.for('waybill.contract')

/** The contract of an instance; `undefined` for what is no message. */
export function contractOf(message: unknown): MessageContract | undefined {
  return typeof message === 'object' && message !== null ? (message as { readonly [contract]?: MessageContract })[contract] : undefined
}

/** The contract of a class; what it reads is an instance of that class, not of the one that it extends. */
export function contractOfClass(cls: unknown): MessageContract | undefined {
  if (typeof cls !== 'function' || typeof cls.prototype !== 'object' || cls.prototype === null) return undefined
  const prototype: object = cls.prototype
  const found = contractOf(prototype)
  if (found === undefined || Object.hasOwn(prototype, contract)) return found
  return Object.isExtensible(prototype) ? attachContract(prototype, found) : found.boundTo(prototype)
}

/** Writes the contract, bound to the prototype, on the prototype. */
export function attachContract(prototype: object, declared: MessageContract): MessageContract {
  const bound = declared.boundTo(prototype)
  Object.defineProperty(prototype, contract, { value: bound })
  return bound
}
