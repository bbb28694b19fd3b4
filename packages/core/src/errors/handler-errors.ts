import { quote } from './quote.js'
import { WaybillError } from './waybill-error.js'

/** Throw it where trying again cannot help: the message is dead-lettered at once. */
export class UnrecoverableError extends WaybillError {
  constructor(message: string, options?: ErrorOptions) {
    super('UnrecoverableError', 'WAYBILL_UNRECOVERABLE', message, options)
  }
}

/** The handler ran longer than its deadline. Its signal has aborted; nothing else of its key starts before it ends. */
export class HandlerTimeoutError extends WaybillError {
  constructor(handler: string, timeoutMs: number) {
    super(
      'HandlerTimeoutError',
      'WAYBILL_HANDLER_TIMEOUT',
      `The handler ${quote(handler)} did not end within ${timeoutMs} ms. Raise its { timeout }, or pass context.signal to what it waits for`,
    )
  }
}

/** Other processes have taken over the row of a message again and again while its handler ran: from then on that is a failure like any other. */
export class ClaimLostError extends WaybillError {
  constructor(handler: string, times: number) {
    super(
      'ClaimLostError',
      'WAYBILL_CLAIM_LOST',
      `The handler ${quote(handler)} lost its row of the inbox ${times} times while it ran. Raise the { lease } of idempotency above the time for which it blocks its process, or look at its inbox`,
    )
  }
}

/** A handler threw something that is no error; this wraps it. */
export class ThrownValueError extends WaybillError {
  constructor(handler: string, value: unknown) {
    super(
      'ThrownValueError',
      'WAYBILL_THROWN_VALUE',
      `The handler ${quote(handler)} threw ${quote(value)}. Throw an Error: it has a stack and can be matched by a retry policy`,
    )
  }
}

/** Nothing has set the key in this context. */
export class ContextKeyError extends WaybillError {
  constructor(key: string) {
    super('ContextKeyError', 'WAYBILL_CONTEXT_KEY', `Nothing has set ${quote(key)} in this context. Install the middleware that sets it, or use find()`)
  }
}

/** Code that needs the message being handled ran outside of a handler. */
export class NoMessageContextError extends WaybillError {
  constructor(what: string) {
    super('NoMessageContextError', 'WAYBILL_NO_CONTEXT', `${what} was used where no message is handled. Use it inside a handler, or pass what it needs`)
  }
}

/** What was given where a message belongs is none. */
export class NotAMessageError extends WaybillError {
  constructor(verb: string, value: unknown) {
    super('NotAMessageError', 'WAYBILL_NOT_A_MESSAGE', `${verb} takes a message, not ${quote(value)}. Make one: new PlaceOrder({ … })`)
  }
}

/** A middleware step gave back nothing that the pipeline knows. */
export class MiddlewareError extends WaybillError {
  constructor(middleware: string, problem: string, fix: string) {
    super('MiddlewareError', 'WAYBILL_MIDDLEWARE', `The middleware ${quote(middleware)} ${problem}. ${fix}`)
  }
}
