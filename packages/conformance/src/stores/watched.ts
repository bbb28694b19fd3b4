/** A promise that can be looked at: a scenario that awaited one that never settles would show nothing. */
export interface Watched<T> {
  readonly state: 'waiting' | 'resolved' | 'rejected'
  /** What it has resolved to. */
  readonly value: T | undefined
  readonly error: unknown
}

export function watched<T>(promise: Promise<T>): Watched<T> {
  const seen: { state: Watched<T>['state']; value: T | undefined; error: unknown } = { state: 'waiting', value: undefined, error: undefined }
  promise.then(
    (value) => void Object.assign(seen, { state: 'resolved', value }),
    (error: unknown) => void Object.assign(seen, { state: 'rejected', error }),
  )
  return seen
}
