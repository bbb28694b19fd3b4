import { quote } from './quote.js'
import { WaybillError } from './waybill-error.js'

/** No reply came in time. The request may have been handled, or may still be. */
export class RequestTimeoutError extends WaybillError {
  /** Without an `id` it has not left. */
  constructor(type: string, timeoutMs: number, id: string | undefined) {
    super(
      'RequestTimeoutError',
      'WAYBILL_REQUEST_TIMEOUT',
      id === undefined
        ? `${quote(type)} could not be requested within ${timeoutMs} ms, and has not left. Look at the broker, or raise { timeout }`
        : `No reply to ${quote(type)} ${id} within ${timeoutMs} ms. It may still be handled: raise { timeout }, or look at the endpoint that answers`,
    )
  }
}

/** The handler failed, and says so in a fault reply. */
export class RemoteError extends WaybillError {
  /** The code of the remote error, or its name. */
  readonly remoteCode: string
  readonly remoteName: string
  readonly remoteMessage: string
  readonly handler: string
  readonly attempt: number

  constructor(
    fault: { readonly name: string; readonly message: string; readonly code: string; readonly attempt: number; readonly handler: string },
    id: string,
  ) {
    super(
      'RemoteError',
      'WAYBILL_REMOTE',
      `${quote(fault.handler)} failed: ${fault.name}: ${fault.message} (code ${fault.code}), attempt ${fault.attempt}, message ${id}. Look at its log, or mend the request`,
    )
    this.remoteCode = fault.code
    this.remoteName = fault.name
    this.remoteMessage = fault.message
    this.handler = fault.handler
    this.attempt = fault.attempt
  }
}

interface Answers {
  readonly replies: readonly { readonly from: string; readonly reply: unknown }[]
  readonly failed: readonly { readonly from: string; readonly error: Error }[]
  readonly missing: readonly string[]
}

/** Fewer endpoints replied than the quorum asks for, and no more can, or no more did in time. Has what came. */
export class NoQuorumError extends WaybillError implements Answers {
  readonly replies: Answers['replies']
  readonly failed: Answers['failed']
  /** They had not answered. */
  readonly missing: Answers['missing']

  constructor(type: string, quorum: number, { replies, failed, missing }: Answers, timeoutMs?: number) {
    const when = timeoutMs === undefined ? 'and no more can' : `within ${timeoutMs} ms`
    const failures = failed.map(({ from, error }) => `; ${from} failed: ${error.message}`).join('')
    super(
      'NoQuorumError',
      'WAYBILL_NO_QUORUM',
      `${replies.length} of the ${quorum} replies to ${quote(type)} that the quorum asks for came, ${when}${failures}${missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`}. Ask more endpoints, lower { quorum }, or look at those that failed`,
      { cause: failed[0]?.error },
    )
    this.replies = replies
    this.failed = failed
    this.missing = missing
  }
}

/** None of the awaited events came in time. The command may have been handled, or may still be. */
export class EventTimeoutError extends WaybillError {
  /** Without an `id` it has not left. */
  constructor(type: string, events: readonly string[], { timeoutMs, id }: { readonly timeoutMs: number; readonly id: string | undefined }) {
    super(
      'EventTimeoutError',
      'WAYBILL_EVENT_TIMEOUT',
      id === undefined
        ? `${quote(type)} could not be sent within ${timeoutMs} ms, and has not left. Look at the broker, or raise { timeout }`
        : `${quote(type)} ${id} has caused none of ${events.join(', ')} within ${timeoutMs} ms. It may still do so: raise { timeout }, or look at the dead letters of its endpoint`,
    )
  }
}

/** The bus does not receive the event: nothing declares that somebody will wait for it. */
export class NotAwaitedError extends WaybillError {
  constructor(bus: string, { type, name, declared }: { readonly type: string; readonly name: string; readonly declared: readonly string[] }) {
    super(
      'NotAwaitedError',
      'WAYBILL_NOT_AWAITED',
      `The bus ${quote(bus)} does not await ${quote(type)}. Add it to its options: awaits: [${[...declared, name].join(', ')}]`,
    )
  }
}

/** A request whose message was handled before it was asked for: no reply was kept. */
export class AlreadyHandledError extends WaybillError {
  constructor(type: string, id: string) {
    super(
      'AlreadyHandledError',
      'WAYBILL_ALREADY_HANDLED',
      `${quote(type)} ${quote(id)} was handled before, when nobody asked for a reply, and is not handled again. Request it with an id of its own`,
    )
  }
}

/** The bus stopped while a call waited for its answer. What was asked may have been handled, or may still be. */
export class RequestStoppedError extends WaybillError {
  constructor(bus: string) {
    super(
      'RequestStoppedError',
      'WAYBILL_REQUEST_STOPPED',
      `The bus ${quote(bus)} stopped before the answer came. What was asked may have been handled, or may still be: ask again after the next start, with the same id`,
    )
  }
}

/** The transport has no way back. */
export class RepliesUnavailableError extends WaybillError {
  constructor(type: string, transport: string) {
    super(
      'RepliesUnavailableError',
      'WAYBILL_NO_REPLIES',
      `${quote(type)} cannot be requested: the transport ${quote(transport)} has no replies. Send it, and publish an event as the answer`,
    )
  }
}
