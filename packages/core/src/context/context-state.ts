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
    return this.#values?.has(key) === true ? (this.#values.get(key) as T) : this.#parent?.find(key)
  }

  get<T>(key: ContextKey<T>): T {
    const value = this.find(key)
    if (value === undefined) throw new ContextKeyError(key.name)
    return value
  }

  set<T>(key: ContextKey<T>, value: T): void {
    this.#values ??= new Map()
    this.#values.set(key, value)
  }
}
