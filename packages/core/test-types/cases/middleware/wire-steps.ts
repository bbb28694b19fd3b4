// A compressor works on both sides.
import type { Middleware } from '@waybill/core'

declare function squeeze(body: Uint8Array): Promise<Uint8Array>
export const compress = (): Middleware => ({
  name: 'compress',
  outgoing: {
    async wire(context, next) {
      context.body = await squeeze(context.body)
      context.system['encoding'] = 'deflate'
      return next(context)
    },
  },
  incoming: {
    async wire(context, next) {
      context.body = await squeeze(context.body)
      return next(context)
    },
  },
})
