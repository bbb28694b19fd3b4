import type { Delivery, Disposition, TransportSource } from '../../src/contract/index.js'
import type { MemoryBroker, RawMessage } from '../../src/memory/index.js'
import { altered } from '../support/altered.js'
import type { NarrowedCapabilities } from '../../src/memory/index.js'
import { handlersOf, type Work } from './shop.js'

/** What the broker has, read through its own doors. */
export class BrokerWatch {
  /** Deliveries that were acknowledged while something of them was neither done nor kept. */
  readonly unkept: string[] = []
  acknowledged = 0
  readonly #broker: MemoryBroker
  readonly #endpoint: string
  readonly #works: ReadonlyMap<string, Work>

  constructor(broker: MemoryBroker, endpoint: string, works: ReadonlyMap<string, Work>) {
    this.#broker = broker
    this.#endpoint = endpoint
    this.#works = works
  }

  /** A transport that tells of every acknowledgement before the broker hears of it. */
  transport(capabilities: NarrowedCapabilities): TransportSource {
    return altered(
      this.#broker,
      (transport) => {
        const subscribe = transport.subscribe.bind(transport)
        transport.subscribe = (endpoint, onDelivery, options) =>
          subscribe(endpoint, (delivery) => onDelivery(delivery).then((disposition) => this.#answered(delivery, disposition)), options)
      },
      capabilities,
    )
  }

  #answered(delivery: Delivery, disposition: Disposition): Disposition {
    if (disposition === 'released') return disposition
    this.acknowledged += 1
    const { envelope, nativeId } = delivery
    const elsewhere = this.#broker.browse(this.#endpoint).filter((message) => message.nativeId !== nativeId)
    const arrived = this.arrived()
    const dead = this.dead()
    for (const work of this.#covered(envelope?.id ?? '', envelope?.type ?? '', envelope?.system['target-handler'])) {
      if (isDone(work, arrived) || dead.has(work.name) || elsewhere.some((message) => this.#keeps(message, work))) continue
      this.unkept.push(work.name)
    }
    return disposition
  }

  /** What handlers sent and the broker has. */
  arrived(): ReadonlySet<string> {
    return new Set(this.#broker.browse('far').flatMap(({ headers }) => headers['name'] ?? []))
  }

  /** Whose message lies with the dead letters. */
  dead(): ReadonlySet<string> {
    return new Set(
      this.#broker.deadLetters(this.#endpoint).flatMap(({ headers }) => {
        const handler = headers['waybill-dead-letter-handler']
        const target = handler === '*' ? headers['waybill-target-handler'] : handler
        return this.#covered(headers['ce_id'] ?? '', headers['ce_type'] ?? '', target).map(({ name }) => name)
      }),
    )
  }

  #keeps({ headers }: RawMessage, work: Work): boolean {
    return this.#covered(headers['ce_id'] ?? '', headers['ce_type'] ?? '', headers['waybill-target-handler']).includes(work)
  }

  /** The works that a message stands for: those of one handler, or of all of its type. */
  #covered(id: string, type: string, target: string | undefined): Work[] {
    const handlers = target === undefined || target === '' ? handlersOf(type) : [target]
    return handlers.flatMap((handler) => this.#works.get(`${id} ${handler}`) ?? [])
  }
}

/** A run has ended well, and all that it sent is with the broker. */
export const isDone = ({ successes }: Work, arrived: ReadonlySet<string>): boolean => successes.some((sent) => sent.every((name) => arrived.has(name)))
