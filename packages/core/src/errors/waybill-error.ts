import { channel } from 'node:diagnostics_channel'

/** Every error that Waybill makes is announced here as it is made: `{ code, message, cause }`. Free when nobody listens. */
const errors = channel('waybill:error')

/** The stable name of an error: match on it, not on the text. */
export type ErrorCode = `WAYBILL_${string}`

/** The base of all errors of Waybill. `code` is stable and listed in docs/reference/errors.md. */
export abstract class WaybillError extends Error {
  readonly code: ErrorCode

  protected constructor(name: string, code: ErrorCode, message: string, options?: ErrorOptions) {
    super(`${message} (${code})`, options)
    // Written out, not taken from the class: minifiers rename classes.
    this.name = name
    this.code = code
    if (errors.hasSubscribers) errors.publish({ code, message: this.message, cause: this.cause })
  }
}
