/** A typed place in the context, from middleware to handler. Local to the module that exports it: no global declaration, no lie about who set it. */
export interface ContextKey<T> {
  readonly name: string
  readonly '~value'?: (value: T) => T
}

/** Makes a key. Two keys of one name are two keys; the name is for errors. */
export function contextKey<T>(name: string): ContextKey<T> {
  return Object.freeze({ name })
}
