import { HandlerDeclarationError } from '../errors/index.js'
import type { CallSite } from './call-site.js'

/** What a decorator stands on. */
export interface DecoratedPlace {
  readonly on: 'class' | 'method'
  /** What carries the record: the prototype, or the metadata of a standard decorator. */
  readonly holder: object
  readonly method: string | symbol
  /** For people: `Billing.invoice`; of a standard method, whose class has no name yet, `invoice (src/billing.ts:12)`. */
  readonly name: string
  /** The prototype of a legacy method, where compilers leave the types of its parameters. */
  readonly prototype?: object
}

/** What a compiler calls a decorator with, in either form. */
export interface Decorated {
  readonly target: unknown
  readonly key: unknown
  readonly descriptor: unknown
}

/** Throws `HandlerDeclarationError` for what is neither a class nor an instance method. */
export function placeOf(decorator: string, { target, key, descriptor }: Decorated, site: CallSite): DecoratedPlace {
  if (typeof key === 'object' && key !== null) return standardPlace(decorator, target, { context: key as StandardContext, site })
  if (key === undefined && typeof target === 'function') return { on: 'class', holder: target.prototype as object, method: 'handle', name: target.name }
  if (typeof key !== 'string' && typeof key !== 'symbol') throw misplaced(decorator, 'something that is no class')
  const method = String(key)
  if (typeof descriptor === 'number') throw misplaced(decorator, `a parameter of ${method}`)
  if (typeof target === 'function') throw misplaced(decorator, `${target.name}.${method}, which is static`)
  if (typeof target !== 'object' || target === null) throw misplaced(decorator, 'something that is no class')
  const name = `${target.constructor.name}.${method}`
  if (typeof (descriptor as PropertyDescriptor | undefined)?.value !== 'function') throw misplaced(decorator, `${name}, which is no method`)
  return { on: 'method', holder: target, method: key, name, prototype: target }
}

/** The part of the contexts of standard decorators that is used here. */
interface StandardContext {
  readonly kind: string
  readonly name: string | symbol | undefined
  readonly static?: boolean
  readonly private?: boolean
  readonly metadata?: object
}

function standardPlace(decorator: string, target: unknown, { context, site }: { readonly context: StandardContext; readonly site: CallSite }): DecoratedPlace {
  const at = site.where === undefined ? '' : ` (${site.where})`
  const name = `${String(context.name ?? 'a class')}${context.kind === 'class' ? '' : at}`
  if (context.kind !== 'class' && context.kind !== 'method') throw misplaced(decorator, `${name}, which is a ${context.kind}`)
  if (context.static === true) throw misplaced(decorator, `${name}, which is static`)
  if (context.private === true) throw misplaced(decorator, `${name}, which nobody can call by its name`)
  if (context.metadata === undefined) {
    throw new HandlerDeclarationError(
      `@${decorator} on ${name} got no metadata from its compiler`,
      'Import @waybill/core before the class is defined, or update the compiler: standard decorators have context.metadata since 2023',
    )
  }
  if (context.kind === 'class') return { on: 'class', holder: context.metadata, method: 'handle', name: typeof target === 'function' ? target.name : name }
  return { on: 'method', holder: context.metadata, method: context.name ?? '', name }
}

const misplaced = (decorator: string, what: string): HandlerDeclarationError =>
  new HandlerDeclarationError(`@${decorator} stands on ${what}`, 'Put it on a class with a method handle(message, context), or on an instance method')
