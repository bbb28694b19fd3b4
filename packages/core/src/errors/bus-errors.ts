import { causeText } from './cause-text.js'
import { quote } from './quote.js'
import { WaybillError } from './waybill-error.js'

/** A message was sent before `start()` was called. */
export class NotStartedError extends WaybillError {
  constructor(bus: string) {
    super('NotStartedError', 'WAYBILL_NOT_STARTED', `The bus ${quote(bus)} is not started. Call start() first; calls made while it starts wait for it`)
  }
}

/** The bus was still starting when the call's time was over. Nothing was sent. */
export class StartTimeoutError extends WaybillError {
  constructor(bus: string, timeoutMs: number, option: 'publishTimeout' | '{ timeout }') {
    super(
      'StartTimeoutError',
      'WAYBILL_START_TIMEOUT',
      `The bus ${quote(bus)} is still starting after ${timeoutMs} ms, and nothing was sent. Look at the broker, or raise ${option}`,
    )
  }
}

/** The bus is stopped. Nothing was sent. */
export class StoppedError extends WaybillError {
  constructor(bus: string) {
    super('StoppedError', 'WAYBILL_STOPPED', `The bus ${quote(bus)} is stopped, and nothing was sent. Send before stop(), or start it again`)
  }
}

/** The broker cannot be used, and trying again does not help. */
export class TransportError extends WaybillError {
  readonly retryable: boolean

  constructor(transport: string, doing: string, cause: unknown, retryable: boolean) {
    const advice =
      typeof cause === 'object' && cause !== null && 'advice' in cause && typeof cause.advice === 'string'
        ? cause.advice
        : 'Look at the broker and at the credentials'
    super('TransportError', 'WAYBILL_TRANSPORT', `${quote(transport)} failed to ${doing}: ${causeText(cause)}. ${advice}`, { cause })
    this.retryable = retryable
  }
}
