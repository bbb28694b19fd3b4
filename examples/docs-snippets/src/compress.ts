// #region compress
import { type Middleware } from '@waybill/core'
import { gunzipSync, gzipSync } from 'node:zlib'

const encoding = 'content-encoding'

/** Compresses bodies of a kilobyte and more. Both directions are one value, so neither can be forgotten. */
export const compress: Middleware = {
  name: 'compress',
  outgoing: {
    wire(context, next) {
      if (context.body.length >= 1024) {
        context.body = gzipSync(context.body)
        context.system[encoding] = 'gzip'
      }
      return next(context)
    },
  },
  incoming: {
    wire(context, next) {
      if (context.system[encoding] === 'gzip') context.body = gunzipSync(context.body)
      return next(context)
    },
  },
}
// #endregion
