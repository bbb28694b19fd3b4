import type { Clock, Delivery, Disposition, OnDelivery, Outgoing, SendFailure, Subscription, Transport, TransportSource } from '@waybill/core/contract'

type Changes = Partial<Pick<Transport, 'capabilities' | 'connect' | 'provision' | 'send' | 'subscribe' | 'close'>>

/** The transport with some of its calls replaced, or with other capabilities; the rest is its own. */
export function overTransport(source: TransportSource, change: (transport: Transport) => Changes): TransportSource {
  return {
    create() {
      const transport = source.create()
      const changes = change(transport)
      return new Proxy(transport, {
        get(target, name) {
          if (Object.hasOwn(changes, name)) return changes[name as keyof Changes]
          const value: unknown = Reflect.get(target, name, target)
          return typeof value === 'function' ? (value.bind(target) as unknown) : value
        },
      })
    },
  }
}

/** The transport whose deliveries pass through something before they reach core, a new one for each subscription. */
export const overDeliveries = (source: TransportSource, make: (onDelivery: OnDelivery, transport: Transport) => OnDelivery): TransportSource =>
  overTransport(source, (transport) => ({
    subscribe: (endpoint, onDelivery, options) => transport.subscribe(endpoint, make(onDelivery, transport), options),
  }))

/** The same delivery with other facts. */
export const changedDelivery = (delivery: Delivery, changes: Partial<Delivery>): Delivery => ({
  envelope: delivery.envelope,
  original: delivery.original,
  nativeId: delivery.nativeId,
  via: delivery.via,
  deliveryCount: delivery.deliveryCount,
  lost: delivery.lost,
  ...changes,
})

/** The same subscription with other calls. */
export const changedSubscription = (subscription: Subscription, changes: Partial<Subscription>): Subscription => ({
  address: subscription.address,
  limit: (prefetch) => subscription.limit(prefetch),
  stop: (signal) => subscription.stop(signal),
  ...changes,
})

/** An answer that somebody else gives. */
export const answer = (): PromiseWithResolvers<Disposition> => Promise.withResolvers<Disposition>()

/** What the transports of one scenario have in common, as a broker would: they have one clock. */
export function sharedBy<T>(make: () => T): (clock: Clock) => T {
  const known = new WeakMap<Clock, T>()
  return (clock) => {
    const made = known.get(clock) ?? make()
    known.set(clock, made)
    return made
  }
}

/** A message, and its place in the call. */
export interface Placed {
  readonly message: Outgoing
  readonly index: number
}
export const placed = (messages: readonly Outgoing[]): Placed[] => messages.map((message, index) => ({ message, index }))

/** Sends some of the messages, or all in another order; the failures name the places that they had. */
export const sendInstead = async (transport: Transport, changed: readonly Placed[], signal: AbortSignal): Promise<readonly SendFailure[]> => {
  if (changed.length === 0) return []
  const failures = await transport.send(
    changed.map(({ message }) => message),
    signal,
  )
  return failures.map((failure) => ({ ...failure, index: changed[failure.index]?.index ?? failure.index }))
}

/** `orders`, `orders.dead-letter`, or an address. */
export const nameOf = ({ destination }: Outgoing): string => (destination.kind === 'address' ? destination.address : destination.name)
