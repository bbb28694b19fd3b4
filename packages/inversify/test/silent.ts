import type { Logger } from '@waybill/core'

const nothing = (): void => undefined

/** For tests in which handlers fail on purpose. */
export const silent: Logger = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }
