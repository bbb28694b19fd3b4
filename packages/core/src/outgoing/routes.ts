import type { Destination } from '../contract/index.js'
import { NoRouteError } from '../errors/index.js'
import type { MessageContract } from '../messages/message-contract.js'

/** Where messages go, the same in every process: the table, then the first segment of the type. */
export class Routes {
  readonly #table: ReadonlyMap<string, string>
  readonly #known = new Map<string, Destination>()

  constructor(table: Readonly<Record<string, string>>) {
    this.#table = new Map(Object.entries(table))
  }

  /** Throws `NoRouteError` for a command or query whose type has no first segment and no row. */
  of(contract: MessageContract): Destination {
    let destination = this.#known.get(contract.type)
    if (destination === undefined) {
      destination = this.#find(contract)
      this.#known.set(contract.type, destination)
    }
    return destination
  }

  #find({ kind, type, topic, ordered }: MessageContract): Destination {
    if (kind === 'event') return Object.freeze({ kind: 'topic', name: topic, ordered })
    const name = this.endpointOf(type)
    if (name === undefined) throw new NoRouteError(type, kind)
    return Object.freeze({ kind: 'endpoint', name, ordered })
  }

  /** The endpoint of a command or query; `undefined` when nothing says it. */
  endpointOf(type: string): string | undefined {
    const row = this.#table.get(type) ?? this.#pattern(type)
    if (row !== undefined) return row
    const dot = type.indexOf('.')
    return dot > 0 ? type.slice(0, dot) : undefined
  }

  /** `orders.bulk.*`: the longest prefix wins. */
  #pattern(type: string): string | undefined {
    let longest = -1
    let found: string | undefined
    for (const [pattern, endpoint] of this.#table) {
      if (!pattern.endsWith('*') || pattern.length <= longest || !type.startsWith(pattern.slice(0, -1))) continue
      longest = pattern.length
      found = endpoint
    }
    return found
  }
}
