import type { MessageContext } from '../context/message-context.js'
import type { AnyMessageClass, MessageContract } from '../messages/index.js'
import type { CallSite } from './call-site.js'
import type { HandlerOptions } from './handler.js'

/** One handler of a bus. */
export interface HandlerRecord {
  readonly id: string
  readonly formerIds: readonly string[]
  /** For people: `PlaceOrderHandler`, `Billing.invoice`, the id of a function. */
  readonly name: string
  /** One, or those of a list of events; `classes` in the same order. */
  readonly contracts: readonly MessageContract[]
  readonly classes: readonly AnyMessageClass[]
  readonly options: HandlerOptions
  readonly entry: RecordEntry
  /** Where it is declared: `src/place-order.ts:12`. Read from the stack when asked. */
  readonly where: string | undefined
}

export type HandlerClass = new (...args: never[]) => object

/** How a handler is called. Methods by name, on the instance: an override without a decorator stays the handler. */
export type RecordEntry =
  /** `parameters`: what its constructor takes, so a container has to make it. */
  | { readonly kind: 'class'; readonly type: HandlerClass; readonly method: string | symbol; readonly parameters: number }
  | { readonly kind: 'instance'; readonly instance: object; readonly method: string | symbol }
  | { readonly kind: 'function'; readonly run: (message: never, context: MessageContext) => unknown }

/** What `handlers` takes: a handler class, an instance of one, or a function handler; a message is none of these. */
export type HandlerEntry = object & { readonly kind?: never }

/** A record with what follows from its options and its place. */
export function handlerRecord(known: Omit<HandlerRecord, 'formerIds' | 'where'>, site: CallSite): HandlerRecord {
  return {
    ...known,
    formerIds: known.options.formerIds ?? [],
    get where() {
      return site.where
    },
  }
}

/** `PlaceOrderHandler (src/place-order.ts:12)` */
export const described = ({ name, where }: Pick<HandlerRecord, 'name' | 'where'>): string => (where === undefined ? name : `${name} (${where})`)
