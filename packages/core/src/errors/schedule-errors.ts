import { causeText } from './cause-text.js'
import { quote } from './quote.js'
import { WaybillError } from './waybill-error.js'

/** The schedule store did not do what it was asked. What it keeps stays there, and is sent when it answers again. */
export class ScheduleStoreError extends WaybillError {
  /** Whether asking again may help. */
  readonly retryable: boolean

  constructor(doing: string, cause: unknown) {
    super('ScheduleStoreError', 'WAYBILL_SCHEDULE_STORE', `The schedule store failed to ${doing}: ${causeText(cause)}. ${adviceOf(cause)}`, { cause })
    this.retryable = !(typeof cause === 'object' && cause !== null && 'retryable' in cause && cause.retryable === false)
  }
}

const adviceOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'advice' in cause && typeof cause.advice === 'string'
    ? cause.advice
    : 'Look at the store; asking again with the same id is safe'

/** No store holds the message, so nobody can take it back. */
export class NotCancelableError extends WaybillError {
  constructor(id: string, why: 'no-store' | 'not-stored') {
    super(
      'NotCancelableError',
      'WAYBILL_NOT_CANCELABLE',
      why === 'no-store'
        ? `The message ${quote(id)} cannot be cancelled: the bus has no schedule store. Start it with { stores: { schedule } }, and send with { delay, cancelable: true }`
        : `The message ${quote(id)} cannot be cancelled: the schedule store of this bus has not held it within the last day. Send with { delay, cancelable: true }, and cancel by the id of the message`,
    )
  }
}
