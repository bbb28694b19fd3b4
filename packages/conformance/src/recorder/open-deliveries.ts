import type { Delivery } from '@waybill/core/contract'

interface Open {
  readonly id: string
  readonly message: string
  readonly endpoint: string
  readonly instance: string
  /** By handler, those that run. */
  readonly runs: Map<string, string>
  /** Its copy is a dead letter. */
  dead: boolean
}

/** The deliveries that have no answer yet, with the runs of their handlers. */
export class OpenDeliveries {
  readonly #open = new Map<object, Open>()
  readonly #ids = new WeakMap<object, string>()
  #deliveries = 0
  #runs = 0

  get size(): number {
    return this.#open.size
  }

  /** Those of one instance, or all. */
  unsettled(instance?: string): number {
    return [...this.#open.values()].filter((open) => instance === undefined || open.instance === instance).length
  }

  has(delivery: Delivery): boolean {
    return this.#open.has(keyOf(delivery))
  }

  add(delivery: Delivery, of: Pick<Open, 'message' | 'endpoint' | 'instance'>): string {
    const id = `d${(this.#deliveries += 1)}`
    this.#open.set(keyOf(delivery), { id, ...of, runs: new Map(), dead: false })
    this.#ids.set(keyOf(delivery), id)
    return id
  }

  settle(delivery: Delivery): string {
    const id = this.#ids.get(keyOf(delivery)) ?? 'd0'
    this.#open.delete(keyOf(delivery))
    return id
  }

  start(envelope: object, handler: string): { readonly run: string; readonly delivery: string } {
    const run = `r${(this.#runs += 1)}`
    this.#open.get(envelope)?.runs.set(handler, run)
    return { run, delivery: this.#ids.get(envelope) ?? 'd0' }
  }

  /** The run of this handler; `undefined` when its end was told before, or it never began. */
  endRun(envelope: object, handler: string): string | undefined {
    const runs = this.#open.get(envelope)?.runs
    const run = runs?.get(handler)
    runs?.delete(handler)
    return run
  }

  lastOf(instance: string, message: string | undefined): Pick<Open, 'message' | 'endpoint'> | undefined {
    return [...this.#open.values()].findLast(
      (open) => open.instance === instance && open.runs.size === 0 && (message === undefined || open.message === message),
    )
  }

  /** Where no delivery of this message is here: the oldest one without an envelope. */
  unread(instance: string, endpoint: string, message: string): string | undefined {
    const here = [...this.#open].filter(([, open]) => open.instance === instance && open.endpoint === endpoint)
    if (here.some(([, open]) => open.message === message)) return undefined
    const [, unread] = here.find(([delivery, open]) => 'envelope' in delivery && !open.dead) ?? []
    if (unread !== undefined) unread.dead = true
    return unread?.message
  }

  /** The dead answer nothing. */
  crashed(instance: string, gone: (delivery: { readonly id: string; readonly runs: Iterable<string> }) => void): void {
    for (const [key, open] of this.#open) {
      if (open.instance !== instance) continue
      this.#open.delete(key)
      gone({ id: open.id, runs: open.runs.values() })
    }
  }
}

/** Steps may wrap a delivery; its envelope stays the same object. */
const keyOf = (delivery: Delivery): object => delivery.envelope ?? delivery
