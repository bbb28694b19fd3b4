// A generic step fits every stage.
import type { Middleware, SharedContext } from '@waybill/core'

const timed = async <C extends SharedContext, R>(context: C, next: (context: C) => Promise<R>) => {
  const start = performance.now()
  try {
    return await next(context)
  } finally {
    console.log(context.id, performance.now() - start)
  }
}
export const timing: Middleware = { name: 'timing', incoming: { wire: timed, message: timed }, outgoing: { message: timed, wire: timed } }
