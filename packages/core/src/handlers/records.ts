import type { AnyMessageClass, MessageContract } from '../messages/index.js'
import type { CallSite } from './call-site.js'
import type { HandlerOptions } from './handler.js'

/** What one decorator says about one method. */
export interface HandlerDeclaration {
  readonly classes: readonly AnyMessageClass[]
  readonly contracts: readonly MessageContract[]
  readonly options: HandlerOptions
  /** Whether it stands on the class, for its `handle`, or on the method. */
  readonly on: 'class' | 'method'
  readonly site: CallSite
}

type Records = Map<string | symbol, HandlerDeclaration[]>

// Standard decorators share an object per class where this symbol exists when the class is defined.
if ((Symbol as { readonly metadata?: symbol }).metadata === undefined) Object.defineProperty(Symbol, 'metadata', { value: Symbol.for('Symbol.metadata') })
const metadata: symbol = (Symbol as unknown as { readonly metadata: symbol }).metadata

/** A registered symbol, so that two copies of core see the same records. */
const handlers = Symbol.for('waybill.handlers')

/**
 * Records what a decorator says: on the prototype (legacy) or the metadata (standard) of the class, by the name of the
 * method. Never by function: a decorator above this one may return another.
 */
export function record(holder: object, method: string | symbol, declaration: HandlerDeclaration): void {
  const records = ownRecords(holder) ?? new Map<string | symbol, HandlerDeclaration[]>()
  Object.defineProperty(holder, handlers, { value: records, configurable: true })
  const list = records.get(method)
  if (list === undefined) records.set(method, [declaration])
  else list.push(declaration)
}

/** The records of a class with those that it inherits. A method that is decorated again replaces what was said about it before. */
export function recordsOf(cls: object): ReadonlyMap<string | symbol, readonly HandlerDeclaration[]> {
  const found = new Map<string | symbol, readonly HandlerDeclaration[]>()
  for (let level: unknown = cls; typeof level === 'function'; level = Object.getPrototypeOf(level)) {
    // One class has its records in one of the two: its compiler knows one form of decorators.
    const own = [ownRecords(level.prototype), Object.hasOwn(level, metadata) ? ownRecords(Reflect.get(level, metadata)) : undefined]
    const here = new Set<string | symbol>()
    for (const [method, list] of own.flatMap((records) => [...(records ?? [])])) {
      if (found.has(method) && !here.has(method)) continue
      here.add(method)
      found.set(method, [...(found.get(method) ?? []), ...list])
    }
  }
  return found
}

function ownRecords(holder: unknown): Records | undefined {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, handlers) ? (holder as { readonly [handlers]: Records })[handlers] : undefined
}
