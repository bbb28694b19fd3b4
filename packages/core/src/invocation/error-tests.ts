import { when, type ErrorTest } from '../recovery/index.js'
import type { Check } from '../wire/index.js'

/** Error classes, matched by `instanceof`, and functions, matched by their answer. */
export type ErrorTests = ErrorTest | readonly ErrorTest[]

const listed = (tests: ErrorTests): readonly ErrorTest[] => (typeof tests === 'function' ? [tests] : tests)

export const errorTests: Check = (value) => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.length > 0 && list.every((test) => typeof test === 'function') ? undefined : 'an error class, a function of the error, or a list of them'
}

/** The test of a policy's `when`: `Error` means every error but the hopeless ones. A function that throws matches nothing. */
export function matcherOf(tests: ErrorTests): (error: Error) => boolean {
  const [rule] = when(...listed(tests)).rules
  return (error) => {
    try {
      return rule?.match(error) !== undefined
    } catch {
      return false
    }
  }
}
