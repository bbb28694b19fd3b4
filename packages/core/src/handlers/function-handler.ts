import type { MessageContext } from '../context/message-context.js'
import { HandlerDeclarationError, quote } from '../errors/index.js'
import type { AnyEventClass, AnyHandledClass, AnyMessageClass, MessageContract, MessageOf, ReturnOf } from '../messages/index.js'
import { callSite, type CallSite } from './call-site.js'
import { checkHandlerOptions } from './check-handler-options.js'
import { checkedContract, refuseTwice } from './decorated-messages.js'
import type { Handler, HandlerOptions } from './handler.js'

/** A handler that is a function, made by `on` or `handle`. */
export interface FunctionHandler {
  readonly types: readonly AnyMessageClass[]
  readonly options: HandlerOptions
  readonly run: (message: never, context: MessageContext) => unknown
}

/** A registered symbol, so that two copies of core know each other's functions. */
const declaration = Symbol.for('waybill.function-handler')
interface Declared {
  readonly contracts: readonly MessageContract[]
  readonly site: CallSite
}

/** Handles one or several events with a function. An event may have many handlers, so a function, which has no stable name, needs an id. */
export function on<T extends AnyEventClass>(
  type: T | readonly T[],
  options: HandlerOptions & { readonly id: string },
  handler: Handler<MessageOf<T>>,
): FunctionHandler {
  const types: readonly AnyMessageClass[] = Array.isArray(type) ? type : [type as T]
  const { id } = (typeof options === 'object' && options !== null ? options : {}) as { readonly id?: unknown }
  if (id === undefined)
    throw new HandlerDeclarationError(
      `on(${named(types)}, …) has no id, and a function has no stable name`,
      "Give it one: on(OrderPlaced, { id: 'billing.invoice' }, async (event) => { … })",
    )
  if (types.length === 0) throw new HandlerDeclarationError(`on([], { id: ${quote(id)} }, …) names no event`, 'Name one event at least')
  const use = `on(${named(types)}, …)`
  refuseTwice(use, types)
  return make(use, {
    types,
    contracts: types.map((each) => checkedContract(use, each, { allowed: ['event'] })),
    options,
    run: handler,
    site: callSite(on),
  })
}

/** Handles a command, a query or a document with a function; its id is the type of the message. */
export function handle<T extends AnyHandledClass>(type: T, handler: Handler<MessageOf<T>, ReturnOf<MessageOf<T>>>): FunctionHandler
export function handle<T extends AnyHandledClass>(type: T, options: HandlerOptions, handler: Handler<MessageOf<T>, ReturnOf<MessageOf<T>>>): FunctionHandler
export function handle(type: AnyHandledClass, ...rest: readonly unknown[]): FunctionHandler {
  const [options, run] = rest.length === 1 ? [undefined, rest[0]] : rest
  const use = `handle(${named([type])}, …)`
  return make(use, {
    types: [type],
    contracts: [checkedContract(use, type, { allowed: ['command', 'query', 'document'] })],
    options,
    run,
    site: callSite(handle),
  })
}

/** What only `on` and `handle` write on a function handler; `undefined` for everything else. */
export function functionDeclaration(entry: object): Declared | undefined {
  return (entry as { readonly [declaration]?: Declared })[declaration]
}

interface Given extends Declared {
  readonly types: readonly AnyMessageClass[]
  readonly options: unknown
  readonly run: unknown
}

function make(use: string, { types, contracts, options, run, site }: Given): FunctionHandler {
  if (typeof run !== 'function')
    throw new HandlerDeclarationError(`${use} was given ${quote(run)}, which is no function`, 'Give it one: async (message, context) => { … }')
  const handler: FunctionHandler = { types, options: checkHandlerOptions(use, options), run: run as FunctionHandler['run'] }
  Object.defineProperty(handler, declaration, { value: { contracts, site } satisfies Declared })
  return handler
}

const named = (types: readonly unknown[]): string => types.map((type) => (typeof type === 'function' ? type.name : quote(type))).join(', ')
