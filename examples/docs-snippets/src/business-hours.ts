// #region business-hours
import { type Middleware } from '@waybill/core'

/** Puts off what is not for now: this handler alone gets the message again. */
export const businessHours = (isOpen: () => boolean): Middleware => ({
  name: 'business-hours',
  incoming: {
    async message(context, next) {
      return isOpen() ? next(context) : { outcome: 'deferred', delayMs: 60_000 }
    },
  },
})
// #endregion
