import { currentContext, NoMessageContextError } from '@waybill/core'
import type { Bind, DynamicValueBuilder, MapToResolvedValueInjectOptions, Newable, ServiceIdentifier } from 'inversify'
import { ScopedInstances } from './scoped-instances.js'

/** Where bindings are made: a container, or what a `ContainerModule` is loaded with. */
export interface Binder {
  readonly bind: Bind
}

/** Inversify's words for a binding, without a scope: it has one. */
export interface MessageScopeSyntax<T> {
  to(type: Newable<T>): void
  /** The identifier is the class. */
  toSelf(): void
  /** May be asynchronous: then resolve it with `getAsync`, as handlers are. */
  toDynamicValue(builder: DynamicValueBuilder<T>): void
  toResolvedValue<Parameters extends unknown[]>(factory: (...parameters: Parameters) => T, inject: MapToResolvedValueInjectOptions<Parameters>): void
}

/** Binds in the scope of a message. */
export interface MessageScope {
  bind<T>(id: ServiceIdentifier<T>): MessageScopeSyntax<T>
}

/**
 * Binds in the scope of a message: one instance for everything that is resolved while one handler handles one message,
 * another one for each message, handler and attempt. When the handler has ended, the instance's `Symbol.asyncDispose`
 * or `Symbol.dispose` is called. Outside of a handler it throws `NoMessageContextError`.
 *
 * A singleton that depends on such an instance would keep the first one: depend on it from transient classes only.
 */
export function messageScope(binder: Binder): MessageScope {
  return {
    bind<T>(id: ServiceIdentifier<T>): MessageScopeSyntax<T> {
      // What makes an instance is bound under a name of its own; the identifier itself answers from the context.
      const maker: unique symbol = Symbol(`${nameOf(id)} (message scope)`)
      const answer = (build: DynamicValueBuilder<T>): void => {
        const value: DynamicValueBuilder<T> = (resolution) => {
          const context = currentContext()
          if (context === undefined) throw new NoMessageContextError(`${nameOf(id)}, bound in message scope,`)
          return ScopedInstances.of(context).getOrMake(maker, () => build(resolution))
        }
        binder.bind(id).toDynamicValue(value).inTransientScope()
      }
      const bound: DynamicValueBuilder<T> = (resolution) => resolution.get<T>(maker)
      const to = (type: Newable<T>): void => {
        binder.bind<T>(maker).to(type).inTransientScope()
        answer(bound)
      }
      return {
        to,
        toSelf: () => to(id as Newable<T>),
        toDynamicValue: answer,
        toResolvedValue: (factory, inject) => {
          binder.bind<T>(maker).toResolvedValue(factory, inject).inTransientScope()
          answer(bound)
        },
      }
    },
  }
}

const nameOf = (id: ServiceIdentifier): string => (typeof id === 'function' ? id.name : String(id))
