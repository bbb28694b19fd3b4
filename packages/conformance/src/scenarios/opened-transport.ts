import type { Delivery, Disposition, Endpoint, Envelope, Outgoing, Subscription, Transport } from '@waybill/core/contract'
import type { Lab } from '../lab/lab.js'
import { foreign } from './foreign.js'

/** The endpoint of the scenarios that ask a transport itself. */
export const orders: Endpoint = { name: 'orders', topics: [], life: 'durable', ordered: false }

/** A connected transport, and a bus around it: for what the contract promises and core asks for in part only. */
export async function openedTransport(lab: Lab, endpoints: readonly Endpoint[] = [orders]): Promise<Transport> {
  const made: Transport[] = []
  await lab.bus({
    wrap: (source) => ({
      create() {
        const transport = source.create()
        made.push(transport)
        return transport
      },
    }),
  })
  const transport = made.at(-1)
  if (transport === undefined) throw new TypeError('The bus has made no transport')
  const topics = endpoints.flatMap((endpoint) => endpoint.topics)
  await lab.bounded('provisioning', transport.provision({ endpoints, topics }, 'create'))
  return transport
}

/** A delivery without an answer, until it gets one. */
export interface Held {
  readonly id: string
  readonly delivery: Delivery
  readonly at: number
  settle(disposition: Disposition): void
}

/** A subscription past every bus, with what it was given. */
export async function listening(
  lab: Lab,
  transport: Transport,
  { endpoint = orders, prefetch = 10 }: { readonly endpoint?: Endpoint; readonly prefetch?: number } = {},
): Promise<{ readonly subscription: Subscription; readonly held: readonly Held[] }> {
  const held: Held[] = []
  const take = (delivery: Delivery): Promise<Disposition> =>
    new Promise((settle) => void held.push({ id: delivery.envelope?.id ?? '', delivery, at: lab.now(), settle }))
  return { subscription: await lab.bounded('subscribing', transport.subscribe(endpoint, take, { prefetch })), held }
}

/** Past every bus and past the record, which knows deliveries to buses only. */
export async function put(lab: Lab, ...messages: readonly string[]): Promise<void> {
  for (const id of messages) await lab.place.doors.publish({ endpoint: 'orders' }, { body: '{}', envelope: { ...foreign, id } })
}

const none: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>)
const attributes = {
  type: 'orders.cancel',
  version: 1,
  source: 'caller',
  time: '2026-01-01T00:00:00.000Z',
  contentType: 'application/json',
  kind: 'command',
} as const

/** A message as core hands it to a transport. */
export function outgoing(destination: Outgoing['destination'], envelope: Partial<Envelope> & { readonly id: string }, notBefore?: number): Outgoing {
  const whole = { ...attributes, headers: none, system: none, body: new Uint8Array(0), ...envelope }
  return { destination, envelope: whole, copyId: envelope.id, ...(notBefore !== undefined && { notBefore }) }
}
