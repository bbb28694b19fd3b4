import type { Logger } from '@waybill/core'

const write = (fields: object, message: string): void => {
  // What handlers failed at stands in the transcript; the rest is for the operator.
  if (!('handler' in fields)) process.stderr.write(`${message} ${JSON.stringify(fields)}\n`)
}

/** Warnings and errors that are not about a handler's failure, on stderr. */
export const quietLogger: Logger = { trace: () => undefined, debug: () => undefined, info: () => undefined, warn: write, error: write }
