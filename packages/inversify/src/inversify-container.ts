import { Bus, ConfigurationError, MessageContext } from '@waybill/core'
import type { Container, Newable } from 'inversify'
import { AmbientMessageContext } from './ambient-message-context.js'
import { ScopedInstances } from './scoped-instances.js'

/** What `createBus({ container })` takes. */
export interface InversifyContainer {
  /** Resolves a handler. One that is not bound is bound to itself, in the container's default scope. */
  get<T>(type: abstract new (...parameters: never[]) => T): Promise<T>
  /** A handler that is bound is made by the container also where its constructor has no parameters. */
  has(type: abstract new (...parameters: never[]) => unknown): boolean
  /** Disposes of what was bound in message scope and made for this message. */
  release(context: MessageContext): Promise<void> | undefined
  /** Makes the bus injectable; `createBus` calls it. */
  attach(bus: Bus): void
}

/**
 * Lets a bus resolve its handlers from an InversifyJS container, and makes `Bus` and `MessageContext` injectable there.
 * Handlers need no binding, and asynchronous bindings may be among their dependencies. What the container binds itself
 * is left as it is.
 *
 * @example createBus({ name: 'orders', transport, handlers: [PlaceOrderHandler], container: inversifyContainer(container) })
 */
export function inversifyContainer(container: Container): InversifyContainer {
  if (!container.isBound(MessageContext)) container.bind(MessageContext).toConstantValue(new AmbientMessageContext())
  const bound = new Set<unknown>()
  return {
    get<T>(type: abstract new (...parameters: never[]) => T): Promise<T> {
      // A handler's class is not abstract; one that cannot be made is refused when it is bound.
      const handler = type as Newable<T>
      if (!bound.has(handler)) {
        if (!container.isBound(handler)) container.bind(handler).toSelf()
        bound.add(handler)
      }
      return container.getAsync(handler)
    },
    has: (type) => container.isBound(type as Newable<unknown>),
    release: (context) => ScopedInstances.find(context)?.dispose(),
    attach(bus) {
      const other = attached.get(container)
      if (other?.bus === bus) return
      // A bus that is stopped has given its container back.
      if (other !== undefined && other.bus.health().status !== 'stopped') throw sharedContainer()
      if (other?.isOurs === true) container.unbind(Bus)
      const isOurs = !container.isCurrentBound(Bus)
      if (isOurs) container.bind(Bus).toConstantValue(bus)
      attached.set(container, { bus, isOurs })
    },
  }
}

/** Which bus a container serves, and whether its binding of `Bus` is one that was made here. */
const attached = new WeakMap<Container, { readonly bus: Bus; readonly isOurs: boolean }>()

const sharedContainer = (): ConfigurationError =>
  new ConfigurationError('A container serves one bus', [
    {
      what: 'inversifyContainer() got a container that serves another bus already: an injected Bus could be either',
      fix: 'Give each bus a container of its own: new Container({ parent: shared }).',
    },
  ])
