import { HandlerDeclarationError, quote } from '../errors/index.js'
import { contractOfClass, type AnyMessageClass, type MessageContract, type MessageKind } from '../messages/index.js'
import type { DecoratedPlace } from './decorated-place.js'

export type DecoratorName = 'CommandHandler' | 'QueryHandler' | 'EventHandler'

export interface HandledMessages {
  readonly classes: readonly AnyMessageClass[]
  readonly contracts: readonly MessageContract[]
}

const kinds: Readonly<Record<DecoratorName, readonly MessageKind[]>> = {
  CommandHandler: ['command', 'document'],
  QueryHandler: ['query'],
  EventHandler: ['event'],
}
const decoratorOf: Readonly<Record<MessageKind, DecoratorName>> = {
  command: 'CommandHandler',
  document: 'CommandHandler',
  query: 'QueryHandler',
  event: 'EventHandler',
}
const example: Readonly<Record<DecoratorName, string>> = { CommandHandler: 'YourCommand', QueryHandler: 'YourQuery', EventHandler: 'YourEvent' }

/** The messages that a decorator was given, or the one that it infers. Throws `HandlerDeclarationError`. */
export function messagesOf(decorator: DecoratorName, given: readonly unknown[], place: DecoratedPlace): HandledMessages {
  // By the number of arguments: what is undefined was meant to be a class.
  const list =
    given.length === 0 ? [inferred(decorator, place)] : Array.isArray(given[0]) && decorator === 'EventHandler' ? (given[0] as unknown[]) : [given[0]]
  const use = `@${decorator} on ${place.name}`
  if (list.length === 0) throw new HandlerDeclarationError(`${use} has an empty list of messages`, 'Name one event at least, or remove the decorator')
  refuseTwice(use, list)
  return { classes: list as AnyMessageClass[], contracts: list.map((message) => checkedContract(use, message, { decorator, allowed: kinds[decorator] })) }
}

/** A message that is named twice would be handled twice. Throws `HandlerDeclarationError`. */
export function refuseTwice(use: string, messages: readonly unknown[]): void {
  const twice = messages.find((message, index) => message !== undefined && messages.indexOf(message) < index)
  if (twice !== undefined) throw new HandlerDeclarationError(`${use} names ${quote(twice)} twice`, 'Name each message once')
}

/** The contract of a class that was given where a message belongs. Throws `HandlerDeclarationError`. */
export function checkedContract(
  use: string,
  message: unknown,
  { decorator, allowed }: { readonly decorator?: DecoratorName; readonly allowed: readonly MessageKind[] },
): MessageContract {
  if (message === undefined) {
    throw new HandlerDeclarationError(
      `${use} was given undefined: the files of the message and of the handler import each other`,
      'Move the message into a file that imports no handler',
    )
  }
  const contract = contractOfClass(message)
  if (contract === undefined)
    throw new HandlerDeclarationError(
      `${use} was given ${quote(message)}, which is no message class`,
      'Give it a class that extends Command(…), Query(…), Event(…) or Document(…)',
    )
  if (allowed.includes(contract.kind)) return contract
  const right = decorator === undefined ? (contract.kind === 'event' ? 'on(…)' : 'handle(…)') : `@${decoratorOf[contract.kind]}`
  throw new HandlerDeclarationError(
    `${use} was given ${quote(message)}, which is a ${contract.kind} (${quote(contract.type)})`.replace(' a event', ' an event'),
    `Use ${right}`,
  )
}

function inferred(decorator: DecoratorName, place: DecoratedPlace): unknown {
  const line =
    place.on === 'class'
      ? `@${decorator}(${example[decorator]}) class ${place.name}`
      : `@${decorator}(${example[decorator]}) ${String(place.method)}(message: ${example[decorator]})`
  const fix = `Write the message out: ${line} { … }`
  if (place.on === 'class')
    throw new HandlerDeclarationError(`@${decorator}() on the class ${place.name} has no message, and a class has no parameter to infer it from`, fix)
  const types = parameterTypes(place)
  if (types === undefined)
    throw new HandlerDeclarationError(
      `@${decorator}() on ${place.name} has no message, and no types of parameters are emitted here (emitDecoratorMetadata, reflect-metadata)`,
      fix,
    )
  if (types.length === 0)
    throw new HandlerDeclarationError(`@${decorator}() on ${place.name} has no message, and the method has no parameter to infer it from`, fix)
  if (types[0] !== undefined && contractOfClass(types[0]) === undefined) {
    throw new HandlerDeclarationError(
      `@${decorator}() on ${place.name} has no message, and the emitted type of its first parameter is ${quote(types[0])}, no message class (so is that of a union, an interface, an \`import type\`)`,
      fix,
    )
  }
  return types[0]
}

/** What `emitDecoratorMetadata` has left, read through reflect-metadata where the user has loaded it. */
function parameterTypes(place: DecoratedPlace): readonly unknown[] | undefined {
  const { getMetadata } = Reflect as { readonly getMetadata?: (name: string, target: object, method: string | symbol) => unknown }
  const types = place.prototype === undefined ? undefined : getMetadata?.('design:paramtypes', place.prototype, place.method)
  return Array.isArray(types) ? types : undefined
}
