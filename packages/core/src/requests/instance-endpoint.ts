import type { Endpoint, OnDelivery, Subscription, Topic } from '../contract/index.js'
import { aborted } from '../runtime/aborted.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'

const prefetch = 1_000
const idleMs = 10 * 60_000

/** An endpoint that belongs to this instance and disappears with it. Subscribed at its first use; what comes passes no lane. */
export class InstanceEndpoint {
  readonly #guard: GuardedTransport
  readonly #endpoint: Endpoint
  readonly #onDelivery: OnDelivery
  #opening: Promise<Subscription> | undefined
  #subscription: Subscription | undefined

  constructor(scope: BusScope, guard: GuardedTransport, init: { readonly name: string; readonly topics: readonly Topic[]; readonly onDelivery: OnDelivery }) {
    this.#guard = guard
    this.#endpoint = { name: `${scope.bus}.${init.name}.${scope.instanceId}`, topics: init.topics, life: { idleMs }, ordered: false }
    this.#onDelivery = init.onDelivery
  }

  /** Resolves when it receives. A failed attempt is tried again at the next use. */
  async receiving(): Promise<Subscription> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  async #open(): Promise<Subscription> {
    await this.#guard.provision({ endpoints: [this.#endpoint], topics: [] }, 'create')
    this.#subscription = await this.#guard.subscribe(this.#endpoint, this.#onDelivery, { prefetch })
    return this.#subscription
  }

  async stop(signal: AbortSignal): Promise<void> {
    if (this.#opening === undefined) return
    // It may never open: the broker may be away.
    const subscription = this.#subscription ?? (await Promise.race([this.#opening.catch(() => undefined), aborted(signal)]))
    await subscription?.stop(signal)
  }
}
