import type { SendFailure } from '../contract/index.js'
import { causeText } from './cause-text.js'
import { quote } from './quote.js'
import { WaybillError } from './waybill-error.js'

/** One message that the broker has not, or perhaps not, taken. */
export interface FailedSend {
  readonly type: string
  readonly id: string
  /** `refused`: the broker does not have it; `unknown`: nobody can say, and sending it again (same id) may duplicate it. */
  readonly outcome: SendFailure['outcome']
  readonly retryable: boolean
  readonly cause: unknown
}

/** Messages that were not confirmed, each with its outcome. */
export class SendError extends WaybillError {
  readonly failures: readonly FailedSend[]

  constructor(transport: string, failures: readonly FailedSend[], of: number = failures.length) {
    super(
      'SendError',
      'WAYBILL_SEND',
      `${failures.length} of ${of} ${of === 1 ? 'message was' : 'messages were'} not taken by ${transport}\n${failures.map(line).join('\n')}\n `,
      { cause: failures[0]?.cause },
    )
    this.failures = failures
  }
}

function line({ type, id, outcome, cause }: FailedSend): string {
  const advice = outcome === 'unknown' ? '; sending it again may duplicate it (same id)' : ''
  return `  ${type} ${id}  ${outcome}: ${faultText(cause)}${advice}`
}

function faultText(cause: unknown): string {
  const advice = cause instanceof Error && 'advice' in cause && typeof cause.advice === 'string' ? `; ${cause.advice}` : ''
  return `${causeText(cause)}${advice}`
}

/** Nothing says where the message goes. */
export class NoRouteError extends WaybillError {
  constructor(type: string, kind: string) {
    super(
      'NoRouteError',
      'WAYBILL_NO_ROUTE',
      `No route for ${kind} ${quote(type)}. Give the type a first segment that names its endpoint ("orders.place-order"), or add it to \`routes\``,
    )
  }
}

/** The buffer before the broker stayed full until the call's deadline. The message was not sent. */
export class BackPressureError extends WaybillError {
  constructor(messages: number, bytes: number, waitedMs: number) {
    super(
      'BackPressureError',
      'WAYBILL_BACK_PRESSURE',
      `${messages} messages (${bytes} bytes) wait for the broker, and no room came free within ${waitedMs} ms. The message was not sent: slow down, or look at the broker`,
    )
  }
}

/** The publish time-out is over. The cause of the failed send says whether the message may be there. */
export class PublishTimeoutError extends WaybillError {
  constructor(timeoutMs: number, mayBeThere: boolean, options?: ErrorOptions) {
    const last = options?.cause === undefined ? '' : `; its last answer: ${faultText(options.cause)}`
    super(
      'PublishTimeoutError',
      'WAYBILL_PUBLISH_TIMEOUT',
      `The broker did not confirm within ${timeoutMs} ms, and ${mayBeThere ? 'may have the message' : 'does not have the message'}${last}. Look at the broker, or raise publishTimeout`,
      options,
    )
  }
}

/** The caller's own signal aborted the call. */
export class SendAbortedError extends WaybillError {
  constructor(type: string, options?: ErrorOptions) {
    super('SendAbortedError', 'WAYBILL_ABORTED', `The caller aborted the send of ${quote(type)}. Send it again with the same id if it must arrive`, options)
  }
}

/** A handler holds more than its buffer takes. */
export class HeldBufferFullError extends WaybillError {
  constructor(messages: number, bytes: number) {
    super(
      'HeldBufferFullError',
      'WAYBILL_BUFFER_FULL',
      `A handler holds ${messages} messages (${bytes} bytes), and the limit is 10000 messages or 64 MiB. Handle less at once, or send with { dispatch: 'immediately' }`,
    )
  }
}

/** A header, a key or an id cannot be put on the wire. */
export class InvalidSendOptionError extends WaybillError {
  constructor(option: string, value: unknown, fix: string) {
    super('InvalidSendOptionError', 'WAYBILL_SEND_OPTION', `${option} cannot be ${quote(value)}. ${fix}`)
  }
}

/** An ordered message without its key has no place in any order. */
export class MissingKeyError extends WaybillError {
  constructor(type: string) {
    super('MissingKeyError', 'WAYBILL_MISSING_KEY', `${quote(type)} is ordered and has no key. Give the declaration a key, or the call { key }`)
  }
}
