import type { Settlement } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import { HandlerContext, rejected, released, type BoundHandler } from '../invocation/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { Lanes } from '../runtime/lanes.js'
import { announce, instrumentation } from '../runtime/instrumentation.js'
import type { Copies } from './copies.js'
import { giveUp } from './give-up.js'
import type { IncomingDelivery } from './incoming-delivery.js'
import { countOf, systemHeader, textOf } from './system-headers.js'
import type { Waits } from './waits.js'

interface Ended {
  readonly context: HandlerContext
  readonly settlement: Settlement
}

/** Runs every handler of the delivery, one after the other, each with its own pipeline, and folds their settlements: what is deferred or rejected becomes a confirmed copy for that handler alone, then the delivery is accepted. One `released` gives all of it back, without copies. */
export const dispatch =
  (scope: BusScope, copies: Copies, { waits, lanes }: { readonly waits: Waits; readonly lanes: Lanes }): ((incoming: IncomingDelivery) => Promise<Disposition>) =>
  async (incoming) => {
    const { handlers, system } = incoming
    const failures = textOf(system, systemHeader.targetHandler) === undefined ? 0 : countOf(system, systemHeader.attempt)
    const only = handlers[0]
    if (handlers.length === 1 && only !== undefined) {
      const ended = await run(only, failures)
      return ended.settlement.outcome === 'accepted' ? finished() : fold([ended])
    }
    const ended: Ended[] = []
    for (const handler of handlers) ended.push(await run(handler, failures))
    return fold(ended)

    async function run(handler: BoundHandler, before: number): Promise<Ended> {
      const started = instrumentation.handled.hasSubscribers ? scope.clock.now() : 0
      const ended = await runInPlace(handler, before)
      if (instrumentation.handled.hasSubscribers) announceHandled(scope, ended, started)
      return ended
    }

    /** Where no copy may be made (order) or can be (no delay), a deferred handler runs again in the delivery's own place. */
    async function runInPlace(handler: BoundHandler, before: number): Promise<Ended> {
      const { setup, delivery } = incoming
      const first = scope.clock.now()
      for (let context = new HandlerContext(incoming, handler, before + 1); ; context = new HandlerContext(incoming, handler, context.failures + 1)) {
        if (delivery.lost.aborted) return { context, settlement: released }
        const settlement = await handler.invoke(context)
        if (settlement.outcome !== 'deferred' || !(setup.ordered || setup.maxDelayMs === 0)) return { context, settlement }
        if (scope.clock.now() + settlement.delayMs - first > setup.holdMs) return { context, settlement: rejected('held-too-long') }
        if ((await lanes.rest(waits.wait(settlement.delayMs, delivery.lost))) === 'ended') return { context, settlement: released }
      }
    }

    async function fold(results: readonly Ended[]): Promise<Disposition> {
      if (results.some(({ settlement }) => settlement.outcome === 'released')) return 'released'
      const crash = scope.failpoint('after-dispatch')
      if (crash !== undefined) await crash
      for (const { context, settlement } of results) {
        const handler = context.handler
        switch (settlement.outcome) {
          case 'deferred':
            await copies.retry(incoming, { handler, failures: context.failures, delayMs: settlement.delayMs })
            break
          case 'rejected':
            await giveUp(copies, incoming, { handler, reason: settlement.reason, error: context.failure, failures: context.failures })
            break
          case 'accepted':
          case 'released':
            break
        }
      }
      const copied = scope.failpoint('after-copies')
      if (copied !== undefined) await copied
      return 'accepted'
    }

    function finished(): Disposition | Promise<Disposition> {
      return scope.failpoint('after-dispatch') ?? 'accepted'
    }
  }

function announceHandled(scope: BusScope, { context, settlement }: Ended, started: number): void {
  const { endpoint, envelope } = context.received
  const { outcome } = settlement
  announce('handled', { bus: scope.bus, instanceId: scope.instanceId, endpoint, handler: context.handler, envelope, attempt: context.failures + 1, outcome, durationMs: scope.clock.now() - started })
}
