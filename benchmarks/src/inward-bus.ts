import { createBus, type BusOptions, type HandlerEntry } from '@waybill/core'
import type { OnDelivery } from '@waybill/core/contract'
import { PassiveTransport } from './passive-transport.js'

/** A started bus, and the function that its transport calls for each delivery. */
export interface InwardBus {
  readonly onDelivery: OnDelivery
  stop(): Promise<void>
}

/** Starts a bus of these options on a transport that somebody else drives. */
export async function inwardBus<H extends HandlerEntry>(options: Omit<BusOptions<H>, 'name' | 'transport'>): Promise<InwardBus> {
  const transport = new PassiveTransport()
  const bus = createBus<H>({ ...options, name: 'bench', transport } as BusOptions<H>)
  await bus.start()
  return { onDelivery: transport.onDelivery, stop: async () => void (await bus.stop()) }
}
