import { quote } from './quote.js'
import { WaybillError, type ErrorCode } from './waybill-error.js'

/** One field that does not fit its schema. */
export interface Issue {
  /** `lines[0].sku`; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** A bad message. Never retried: it would be as bad the next time. */
export abstract class MessageError extends WaybillError {
  /** What a dead letter says in `system`. */
  abstract readonly reason: string
}

/** A bad message may be bad in a million places, and its text goes into logs, headers and replies. `issues` has them all. */
const mostTold = 10
const longestTold = 200
function told({ path, message }: Issue): string {
  const text = path === '' ? message : `${path}: ${message}`
  return text.length > longestTold ? `${text.slice(0, longestTold - 1)}…` : text
}

/** The data of a message, or of a reply, violates its schema. */
export class InvalidMessageError extends MessageError {
  readonly reason = 'schema-violation'
  readonly type: string
  readonly issues: readonly Issue[]

  constructor(type: string, issues: readonly Issue[], what: 'message' | 'reply' = 'message', options?: ErrorOptions) {
    const text = issues.slice(0, mostTold).map(told).join('; ')
    const rest = issues.length > mostTold ? `; and ${issues.length - mostTold} more` : ''
    const fix = what === 'message' ? 'Mend the data, or the schema of the message' : 'Return what the declared reply says'
    super(
      'InvalidMessageError',
      what === 'message' ? 'WAYBILL_INVALID_MESSAGE' : 'WAYBILL_INVALID_REPLY',
      `The ${what} ${quote(type)} violates its schema: ${text}${rest}. ${fix}`,
      options,
    )
    this.type = type
    this.issues = issues
  }
}

type UnreadableReason = 'body-not-json' | 'body-empty' | 'body-not-utf8' | 'body-too-deep' | 'body-forbidden-name' | 'content-type'
const codes: Record<UnreadableReason, ErrorCode> = {
  'body-not-json': 'WAYBILL_BODY_NOT_JSON',
  'body-empty': 'WAYBILL_BODY_EMPTY',
  'body-not-utf8': 'WAYBILL_BODY_NOT_UTF8',
  'body-too-deep': 'WAYBILL_BODY_TOO_DEEP',
  'body-forbidden-name': 'WAYBILL_BODY_FORBIDDEN_NAME',
  'content-type': 'WAYBILL_CONTENT_TYPE',
}

/** The bytes of a delivery cannot be read. */
export class UnreadableBodyError extends MessageError {
  readonly reason: string

  constructor(reason: UnreadableReason, what: string, options?: ErrorOptions) {
    super('UnreadableBodyError', codes[reason], `${what}. Mend the sender; the dead letter keeps the bytes as they came`, options)
    this.reason = reason
  }
}

/** The message is larger than the transport or the endpoint takes. Thrown at the call, or refused before it is parsed. */
export class TooLargeError extends MessageError {
  readonly reason = 'too-large'

  constructor(type: string, bytes: number, limit: number) {
    super(
      'TooLargeError',
      'WAYBILL_TOO_LARGE',
      `${quote(type)} has ${bytes} bytes, and the limit is ${limit}. Send a reference to the data instead, or split it`,
    )
  }
}

/** A delivery without an envelope, or with one that cannot be used. */
export class UnmappableError extends MessageError {
  readonly reason = 'unmappable'

  constructor(what: string) {
    super('UnmappableError', 'WAYBILL_UNMAPPABLE', `${what}. Let the sender write the headers that docs/reference/headers.md lists`)
  }
}

/** No class is known for the type, or only older versions of it. A newer instance may know it. */
export class UnknownTypeError extends MessageError {
  readonly reason = 'unknown-type'

  constructor(type: string, version: number, known: number | undefined) {
    super(
      'UnknownTypeError',
      'WAYBILL_UNKNOWN_TYPE',
      known === undefined
        ? `The type ${quote(type)} is unknown here. Deploy the version that handles it, and send the dead letter again`
        : `Version ${version} of ${quote(type)} is newer than the known version ${known}. Deploy the version that knows it, then send the dead letter again`,
    )
  }
}

/** A copy is addressed to a handler that is not here. It is never given to another one. */
export class UnknownHandlerError extends MessageError {
  readonly reason = 'unknown-handler'

  constructor(handler: string, endpoint: string) {
    super(
      'UnknownHandlerError',
      'WAYBILL_UNKNOWN_HANDLER',
      `The endpoint ${quote(endpoint)} has no handler ${quote(handler)}. If it was renamed, add { formerIds: [${quote(handler)}] } to its options`,
    )
  }
}

/** A known type came to the endpoint's own address, and nothing handles it there. */
export class NoHandlerError extends MessageError {
  readonly reason = 'no-handler'

  constructor(type: string, endpoint: string) {
    super('NoHandlerError', 'WAYBILL_NO_HANDLER', `The endpoint ${quote(endpoint)} has no handler for ${quote(type)}. Add one, or mend the sender's route`)
  }
}

/** The message was handled later than its sender allows. */
export class ExpiredError extends MessageError {
  readonly reason = 'expired'

  constructor(type: string, byMs: number) {
    super('ExpiredError', 'WAYBILL_EXPIRED', `${quote(type)} expired ${byMs} ms before it could be handled. Raise expiresIn, or add consumers`)
  }
}

/** Every process that took the message died with it. It is kept away from the others. */
export class CrashLoopError extends MessageError {
  readonly reason = 'crash-loop'

  constructor(type: string, endpoint: string, deliveries: number) {
    super(
      'CrashLoopError',
      'WAYBILL_CRASH_LOOP',
      `${quote(type)} at ${quote(endpoint)} was delivered ${deliveries} times, and no process lived to settle it. Look for what it does to its handler (memory, native code, endless loops), then send it again`,
    )
  }
}

/** Delivered again after the inbox has forgotten it: whether it was handled, nobody knows any more. */
export class TooOldError extends MessageError {
  readonly reason = 'too-old'

  constructor(type: string, id: string) {
    super(
      'TooOldError',
      'WAYBILL_TOO_OLD',
      `${quote(type)} ${quote(id)} was delivered again, and its inbox no longer remembers its day. Look whether it was handled; if not, send its data as a new message. Raise the retention of the inbox above the age of what is delivered or redriven again`,
    )
  }
}
