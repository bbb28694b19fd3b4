import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Supervisor, TransportHost } from '../contract/index.js'
import type { Broker } from './broker.js'
import { closed, disconnected, type MemoryError } from './errors.js'
import type { Link } from './link.js'

/** What has to be attached again to every new connection. */
export interface Attachable {
  /** Throws when the broker does not have any more what it had. */
  attach(link: Link): void
  /** Its connection has ended, and what it held is back. */
  detached(): void
  /** Its connection will not come again. */
  ended(): void
}

const crashChannel = 'waybill:crash'

/** Keeps one connection to the broker open, until it is closed or the bus crashes. */
export class Connection {
  readonly #broker: Broker
  readonly #attached = new Set<Attachable>()
  #host: TransportHost | undefined
  #supervisor: Supervisor | undefined
  #link: Link | undefined
  #state: 'unopened' | 'open' | 'crashed' | 'closed' = 'unopened'
  #closing: Promise<void> | undefined

  constructor(broker: Broker) {
    this.#broker = broker
  }

  get host(): TransportHost {
    if (this.#host === undefined) throw disconnected(this.#broker.name)
    return this.#host
  }

  /** The process behind it is dead: it neither sends nor settles nor answers. */
  get crashed(): boolean {
    return this.#state === 'crashed'
  }

  /** `undefined` while the connection is lost. */
  get link(): Link | undefined {
    return this.#link
  }

  /** What is said while there is no link. */
  get whyDown(): MemoryError {
    return this.#state === 'closed' ? closed(this.#broker.name) : disconnected(this.#broker.name)
  }

  async open(host: TransportHost): Promise<void> {
    this.#host = host
    this.#state = 'open'
    subscribe(crashChannel, this.#onCrash)
    this.#supervisor = host.supervise({ name: `memory ${this.#broker.name}`, open: (lost) => this.#openLink(lost) })
    await this.#supervisor.ready
  }

  /** Attaches now, or with the next connection. */
  attach(one: Attachable): void {
    if (this.#state !== 'open') throw this.whyDown
    this.#attached.add(one)
    if (this.#link !== undefined) one.attach(this.#link)
  }

  forget(one: Attachable): void {
    this.#attached.delete(one)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#state !== 'crashed') this.#state = 'closed'
    unsubscribe(crashChannel, this.#onCrash)
    await this.#supervisor?.stop()
    for (const one of this.#attached) one.ended()
    this.#attached.clear()
  }

  async #openLink(lost: (cause: unknown) => void): Promise<() => Promise<void>> {
    if (this.#state === 'crashed') return never()
    const link = this.#broker.connect(this.host.instanceId, {
      clock: this.host.clock,
      onLost: (cause) => {
        this.#detach(link)
        lost(cause)
      },
    })
    try {
      for (const one of this.#attached) one.attach(link)
    } catch (cause) {
      this.#broker.disconnect(link, { how: 'closed', cause })
      throw cause
    }
    this.#link = link
    return async () => {
      this.#broker.disconnect(link, { how: 'closed', cause: closed(this.#broker.name) })
      this.#detach(link)
    }
  }

  #detach(link: Link): void {
    if (this.#link !== link) return
    this.#link = undefined
    for (const one of this.#attached) one.detached()
  }

  readonly #onCrash = (event: unknown): void => {
    if ((event as { readonly instanceId: string }).instanceId !== this.host.instanceId || this.#state !== 'open') return
    this.#state = 'crashed'
    unsubscribe(crashChannel, this.#onCrash)
    if (this.#link !== undefined) this.#broker.disconnect(this.#link, { how: 'crashed' })
    this.#link = undefined
    for (const one of this.#attached) one.ended()
    this.#attached.clear()
  }
}

/** What a dead process answers. */
export function never(): Promise<never> {
  return new Promise(() => undefined)
}
