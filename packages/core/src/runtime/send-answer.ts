import type { SendFailure } from '../contract/index.js'

/** What a transport's answer says of each message of a call; `undefined` when all are confirmed. An answer that makes no sense confirms nothing. */
export function readAnswer(answer: readonly SendFailure[], count: number): readonly (SendFailure | undefined)[] | undefined {
  if (!Array.isArray(answer))
    return unknownForAll(new TypeError(`The transport answered a send with ${typeof answer}: it must answer with the list of failures`), count)
  if (answer.length === 0) return undefined
  const failures: (SendFailure | undefined)[] = Array.from({ length: count })
  for (const failure of answer as readonly SendFailure[]) {
    // Not by `in`: a list has more names than its messages.
    if (!Number.isInteger(failure.index) || failure.index < 0 || failure.index >= count)
      return unknownForAll(new RangeError(`The transport named message ${String(failure.index)} of a call with ${count}`), count)
    failures[failure.index] = failure
  }
  return failures
}

/** A call that was rejected. */
export function unknownForAll(cause: unknown, count: number): readonly SendFailure[] {
  const retryable = typeof cause === 'object' && cause !== null && 'retryable' in cause ? cause.retryable === true : true
  return Array.from({ length: count }, (_, index) => ({ index, outcome: 'unknown', retryable, cause }))
}
