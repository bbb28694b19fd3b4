import type { Settlement } from '../context/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { announce, instrumentation } from '../runtime/instrumentation.js'
import type { HandlerContext } from './handler-context.js'
import { holdReply } from './reply.js'
import type { Running } from './running.js'
import { accepted } from './settlement.js'

/** Calls the user's code under its deadline, and holds its reply. Of a run that fails nothing stays held. One that ends after its deadline has failed, whatever it gives back: nothing else of its key started meanwhile. */
export const callHandler = (scope: BusScope, guard: GuardedTransport, running: Running): ((context: HandlerContext) => Promise<Settlement>) => {
  const call = async (context: HandlerContext): Promise<Settlement> => {
    context.called = true
    const { mark } = context.held
    try {
      if (instrumentation.invoke.hasSubscribers) announceInvoke(scope, context)
      const before = scope.failpoint('before-handler')
      if (before !== undefined) await before
      let result: unknown
      running.enter(context, context.bound.timeoutMs)
      try {
        const returned = context.bound.run(context)
        result = isThenable(returned) ? await unlessAbandoned(context, returned) : returned
      } catch (error) {
        // An abort error that the deadline caused is the deadline's.
        if (context.timedOut === undefined) throw error
      } finally {
        running.leave(context)
      }
      if (context.timedOut !== undefined) throw context.timedOut
      const after = scope.failpoint('after-handler')
      if (after !== undefined) await after
      holdReply(scope, guard, { context, result })
      const replied = scope.failpoint('after-reply')
      if (replied !== undefined) await replied
      return accepted
    } catch (error) {
      // A step around it may go on all the same, or call it again.
      context.called = false
      context.held.takeBack(mark)
      throw error
    }
  }
  return call
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/** The wait for a handler that may never end: losing the lock or stopping ends it. */
function unlessAbandoned(context: HandlerContext, returned: PromiseLike<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    context.abandon = (reason) => {
      context.run = returned
      const ended = (): void => void (context.run = undefined)
      returned.then(ended, ended)
      reject(reason)
    }
    returned.then(resolve, reject)
  })
}

function announceInvoke(scope: BusScope, context: HandlerContext): void {
  const { endpoint, envelope } = context.received
  announce('invoke', { bus: scope.bus, instanceId: scope.instanceId, endpoint, handler: context.handler, envelope, attempt: context.attempt })
}
