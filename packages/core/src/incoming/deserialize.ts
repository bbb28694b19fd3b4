import type { Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import { NoHandlerError, UnknownHandlerError, UnknownTypeError, UnmappableError, quote } from '../errors/index.js'
import type { BoundHandler } from '../invocation/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { HandledType } from './endpoint-setup.js'
import type { IncomingDelivery } from './incoming-delivery.js'
import { systemHeader, textOf } from './system-headers.js'

/** From bytes to a message and the handlers that it is for. Throws a `MessageError`; no handler has run then. */
export const deserializeMessage = (scope: BusScope): Step<IncomingDelivery, Disposition> => {
  const ignored = new Set<string>()
  return (incoming, next) => {
    const crash = scope.failpoint('after-incoming-wire')
    if (crash !== undefined) return crash
    const { setup, envelope, delivery } = incoming
    const { type, version, kind } = envelope
    // A reply has the type of its request, and must not be taken for one.
    if (kind === 'reply') throw new UnmappableError(`The delivery ${quote(envelope.id)} at ${quote(setup.name)} is a reply, and this is no reply address`)
    const handled = setup.handled.get(type)
    if (handled === undefined) {
      if (type === '') throw new UnmappableError(`The delivery ${quote(envelope.id)} at ${quote(setup.name)} is without a type`)
      if (!setup.known.has(type)) throw new UnknownTypeError(type, version, undefined)
      if (delivery.via === 'address') throw new NoHandlerError(type, setup.name)
      ignore(type, setup.name)
      return Promise.resolve('accepted')
    }
    const handlers = targets(incoming, handled)
    incoming.received(handled.contract, handlers)
    return scope.failpoint('after-deserialize') ?? next(incoming)
  }

  /** A left-over subscription: nothing is removed automatically, so it is no error. */
  function ignore(type: string, endpoint: string): void {
    scope.count('ignored', `${type} at ${endpoint}`)
    if (ignored.has(type)) return
    ignored.add(type)
    scope.logger.warn(
      { type, endpoint },
      `${endpoint} is subscribed to ${type} and has no handler for it: accepted and ignored. Remove the subscription, or add a handler`,
    )
  }
}

function targets({ system, setup }: IncomingDelivery, handled: HandledType): readonly BoundHandler[] {
  const target = textOf(system, systemHeader.targetHandler)
  if (target === undefined) return handled.handlers
  const handler = setup.handlersById.get(target)
  // Never given to another one: that would run its siblings again.
  if (handler === undefined || !handled.handlers.includes(handler)) throw new UnknownHandlerError(target, setup.name)
  return [handler]
}
