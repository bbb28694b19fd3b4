import { ThrownValueError } from './handler-errors.js'

/** What was thrown, or a `ThrownValueError` about it. Never throws: a revoked proxy may be thrown too. */
export function asError(thrown: unknown, handler: string): Error {
  try {
    if (thrown instanceof Error) return thrown
  } catch {
    // Looking at it throws, so it is none that a policy could match.
  }
  return new ThrownValueError(handler, thrown)
}
