import type { Logger } from '@waybill/core'

const ignore = (): void => undefined

/** For tests of what fails on purpose. */
export const quietLogger: Logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore }
