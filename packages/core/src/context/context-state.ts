import { ContextKeyError } from '../errors/index.js'
import type { ContextKey } from './context-key.js'

/** The typed places of a context; empty until something is set. */
export class ContextState {
  #values: Map<object, unknown> | undefined
  readonly #parent: ContextState | undefined

  /** Keys that are not set here are looked for in the parent: what a wire step sets, the handler sees. */
  constructor(parent?: ContextState) {
    this.#parent = parent
  }

  find<T>(key: ContextKey<T>): T | undefined {
    return this.#holderOf(key)?.get(key) as T | undefined
  }

  get<T>(key: ContextKey<T>): T {
    const holder = this.#holderOf(key)
    if (holder === undefined) throw new ContextKeyError(key.name)
    return holder.get(key) as T
  }

  set<T>(key: ContextKey<T>, value: T): void {
    this.#values ??= new Map()
    this.#values.set(key, value)
  }

  /** Where it is set, also to `undefined`. */
  #holderOf(key: object): ReadonlyMap<object, unknown> | undefined {
    if (this.#values?.has(key) === true) return this.#values
    return this.#parent === undefined ? undefined : this.#parent.#holderOf(key)
  }
}
