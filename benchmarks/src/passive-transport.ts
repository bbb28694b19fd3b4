import type { Capabilities, OnDelivery, Transport, TransportSource } from '@waybill/core/contract'

const never = { maxMs: 2 ** 40, resolutionMs: 1 }
const unlimited = { messageBytes: 2 ** 30, batchCount: 1_000, batchBytes: 2 ** 30 }
const capabilities: Capabilities = {
  privateAddress: true,
  replies: 'shared',
  delay: { endpoint: never, topic: never },
  ordering: { unit: 'key', scaleOut: 'standby' },
  lockMs: Number.POSITIVE_INFINITY,
  deliveryCount: 'crashes',
  limits: { endpoint: unlimited, topic: unlimited },
  unroutable: 'detected',
  durability: 'broker',
}

/** A transport without a broker: who holds it drives `onDelivery`. So nothing is measured but the inward pipeline. */
export class PassiveTransport implements TransportSource {
  #onDelivery: OnDelivery | undefined

  /** What the bus has subscribed with. */
  get onDelivery(): OnDelivery {
    if (this.#onDelivery === undefined) throw new Error('The bus has not started, or handles nothing')
    return this.#onDelivery
  }

  create(): Transport {
    return {
      name: 'passive',
      capabilities,
      connect: () => Promise.resolve(),
      provision: () => Promise.resolve([]),
      send: () => Promise.resolve([]),
      subscribe: (_, onDelivery) => {
        this.#onDelivery = onDelivery
        return Promise.resolve({ address: 'passive', limit: () => Promise.resolve(), stop: () => Promise.resolve() })
      },
      close: () => Promise.resolve(),
    }
  }
}
