import { quote } from './quote.js'
import { WaybillError } from './waybill-error.js'

/** No reply came in time. The request may have been handled, or may still be. */
export class RequestTimeoutError extends WaybillError {
  constructor(type: string, timeoutMs: number, id: string) {
    super(
      'RequestTimeoutError',
      'WAYBILL_REQUEST_TIMEOUT',
      `No reply to ${quote(type)} ${id} within ${timeoutMs} ms. It may still be handled: raise { timeout }, or look at the endpoint that answers`,
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
