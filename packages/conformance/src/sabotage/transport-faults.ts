import type { Delivery, OnDelivery, Outgoing, SendFailure, Transport, TransportSource } from '@waybill/core/contract'
import { Random } from '../lab/random.js'
import type { Sabotage } from './sabotage.js'

type Part = Partial<Pick<Transport, 'send' | 'subscribe'>>

/** The transport with some of its calls replaced. */
export function replaced(source: TransportSource, replace: (transport: Transport) => Part): TransportSource {
  return {
    create() {
      const transport = source.create()
      const part = replace(transport)
      return new Proxy(transport, {
        get(target, name) {
          if (Object.hasOwn(part, name)) return part[name as keyof Part]
          const value: unknown = Reflect.get(target, name, target)
          return typeof value === 'function' ? (value.bind(target) as unknown) : value
        },
      })
    },
  }
}

/** Without its messages at these places. */
async function sendSome(transport: Transport, { messages, signal, keep }: { readonly messages: readonly Outgoing[]; readonly signal: AbortSignal; readonly keep: (message: Outgoing) => boolean }): Promise<readonly SendFailure[]> {
  const kept = messages.map((message, index) => ({ message, index })).filter(({ message }) => keep(message))
  if (kept.length === 0) return []
  const failures = await transport.send(
    kept.map(({ message }) => message),
    signal,
  )
  return failures.map((failure) => ({ ...failure, index: kept[failure.index]?.index ?? failure.index }))
}

/** Says that it has one message in a hundred, and has it not. */
export const drop: Sabotage = {
  name: 'drop',
  title: 'one message in a hundred is confirmed and dropped',
  wrap(source, { seed }) {
    const random = new Random(seed, 'drop')
    return replaced(source, (transport) => ({ send: (messages, signal) => sendSome(transport, { messages, signal, keep: () => random.next() >= 0.01 }) }))
  },
}

/** Tells the broker that a message is done before anybody has handled it. */
export const ackFirst: Sabotage = {
  name: 'ack-first',
  title: 'a delivery is accepted before its handler runs',
  wrap: (source) =>
    replaced(source, (transport) => ({
      subscribe: (endpoint, onDelivery, options) => {
        const early: OnDelivery = async (delivery: Delivery) => {
          void onDelivery(delivery)
          return 'accepted'
        }
        return transport.subscribe(endpoint, early, options)
      },
    })),
}

/** Sends every message twice. */
export const duplicate: Sabotage = {
  name: 'duplicate',
  title: 'every message is sent twice',
  wrap: (source) =>
    replaced(source, (transport) => ({
      async send(messages, signal) {
        const failures = await transport.send(messages, signal)
        if (failures.length === 0) await transport.send(messages, signal)
        return failures
      },
    })),
}
