import type { Settlement } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import { endedAt, HandlerContext, rejected, released, type BoundHandler } from '../invocation/index.js'
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
export const dispatch = (
  scope: BusScope,
  copies: Copies,
  { waits, lanes }: { readonly waits: Waits; readonly lanes: Lanes },
): ((incoming: IncomingDelivery) => Promise<Disposition>) => {
  // One await per handler, no closure and nothing kept of those that accept: most deliveries have one handler, and it accepts.
  const dispatchStep = async (incoming: IncomingDelivery): Promise<Disposition> => {
    const { handlers, system, delivery } = incoming
    const failures = textOf(system, systemHeader.targetHandler) === undefined ? 0 : countOf(system, systemHeader.attempt)
    let open: Ended[] | undefined
    // All handlers share the time for which a delivery may be held: one lock holds it.
    const heldSince = runsInPlace(incoming) ? scope.clock.now() : 0
    for (let index = 0; index < handlers.length; index += 1) {
      const handler = handlers[index] as BoundHandler
      const startedAt = instrumentation.handled.hasSubscribers ? scope.clock.now() : 0
      let context = new HandlerContext(incoming, handler, failures + 1)
      let settlement = delivery.lost.aborted ? released : await handler.invoke(context)
      if (settlement.outcome === 'deferred' && runsInPlace(incoming)) {
        ;({ context, settlement } = await runAgain(incoming, context, { delayMs: settlement.delayMs, heldSince }))
      }
      if (instrumentation.handled.hasSubscribers) announceHandled(scope, { context, settlement }, startedAt)
      // All of it goes back: what has not run will run there.
      if (settlement.outcome === 'released') return 'released'
      if (settlement.outcome !== 'accepted') (open ??= []).push({ context, settlement })
    }
    return open === undefined ? (scope.failpoint('after-dispatch') ?? 'accepted') : fold(incoming, open)
  }
  return dispatchStep

  async function runAgain(
    incoming: IncomingDelivery,
    first: HandlerContext,
    { delayMs, heldSince }: { readonly delayMs: number; readonly heldSince: number },
  ): Promise<Ended> {
    const { setup, delivery } = incoming
    for (let context = first, waitMs = delayMs; ;) {
      if (scope.clock.now() + waitMs - heldSince > setup.holdMs) return { context, settlement: rejected('held-too-long') }
      if ((await lanes.rest(waits.wait(waitMs, delivery.lost))) === 'ended') return { context, settlement: released }
      context = new HandlerContext(incoming, first.bound, context.failures + 1)
      if (delivery.lost.aborted) return { context, settlement: released }
      const settlement = await first.bound.invoke(context)
      if (settlement.outcome !== 'deferred') return { context, settlement }
      waitMs = settlement.delayMs
    }
  }

  /** Of those that did not accept. */
  async function fold(incoming: IncomingDelivery, open: readonly Ended[]): Promise<Disposition> {
    const crash = scope.failpoint('after-dispatch')
    if (crash !== undefined) await crash
    for (const { context, settlement } of open) {
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
    return scope.failpoint('after-copies') ?? 'accepted'
  }
}

/** Where no copy may be made (order) or can be (no delay), a deferred handler runs again in the delivery's own place. */
const runsInPlace = ({ setup }: IncomingDelivery): boolean => setup.ordered || !setup.canDelay

function announceHandled(scope: BusScope, { context, settlement }: Ended, started: number): void {
  const { endpoint, envelope } = context.received
  const { outcome } = settlement
  announce('handled', {
    bus: scope.bus,
    instanceId: scope.instanceId,
    endpoint,
    handler: context.handler,
    envelope,
    attempt: endedAt(context, outcome),
    outcome,
    durationMs: scope.clock.now() - started,
    error: outcome === 'accepted' || outcome === 'released' ? undefined : context.failure,
  })
}
