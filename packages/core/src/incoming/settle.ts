import type { Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import { asError, MessageError, UnknownHandlerError, UnknownTypeError } from '../errors/index.js'
import { AbandonedError } from '../invocation/index.js'
import { decide } from '../recovery/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { announce, instrumentation } from '../runtime/instrumentation.js'
import type { Copies } from './copies.js'
import { giveUp } from './give-up.js'
import type { IncomingDelivery } from './incoming-delivery.js'
import { countOf, systemHeader, textOf } from './system-headers.js'
import type { Waits } from './waits.js'

/** The outer catch: everything that is no handler's error. A bad message is a dead letter at once; an unknown one waits for an instance that knows it; anything else follows the endpoint's policy. Never accepts because something failed: a copy is confirmed first. Announces the answer to whoever listens. */
export const settle = (scope: BusScope, copies: Copies, waits: Waits): Step<IncomingDelivery, Disposition> => {
  const settleStep: Step<IncomingDelivery, Disposition> = async (first, next) => {
    let incoming = first
    let failures = 0
    let heldSince: number | undefined
    let disposition: Disposition | undefined
    while (disposition === undefined) {
      try {
        disposition = await next(incoming)
      } catch (thrown) {
        failures += 1
        heldSince ??= scope.clock.now()
        disposition = await afterFailure(incoming, thrown, { failures, heldSince })
        incoming = incoming.again()
      }
    }
    const crash = scope.failpoint('before-settle')
    if (crash !== undefined) await crash
    const { delivery, endpoint } = first
    if (instrumentation.settle.hasSubscribers) announce('settle', { bus: scope.bus, instanceId: scope.instanceId, endpoint, delivery, disposition })
    return disposition
  }
  return settleStep

  /** `undefined` when the delivery is to be tried again here and now. */
  async function afterFailure(
    incoming: IncomingDelivery,
    thrown: unknown,
    here: { readonly failures: number; readonly heldSince: number },
  ): Promise<Disposition | undefined> {
    const { delivery, system } = incoming
    const error = asError(thrown, '*')
    if (scope.stopping || delivery.lost.aborted || error instanceof AbandonedError) return 'released'
    const failuresBefore = countOf(system, systemHeader.wireAttempt)
    try {
      const waitMs = await keep(incoming, error, { failures: failuresBefore + here.failures, heldSince: here.heldSince })
      if (waitMs === 'kept') return 'accepted'
      return waitMs > 0 && (await waits.wait(waitMs, delivery.lost)) === 'ended' ? 'released' : undefined
    } catch (abandoned) {
      if (abandoned instanceof AbandonedError) return 'released'
      throw abandoned
    }
  }

  /** `kept` when a copy is confirmed; otherwise after how long to try again here. */
  async function keep(
    incoming: IncomingDelivery,
    error: Error,
    { failures, heldSince }: { readonly failures: number; readonly heldSince: number },
  ): Promise<'kept' | number> {
    const { setup, system } = incoming
    if (error instanceof UnknownTypeError || error instanceof UnknownHandlerError) {
      const deferrals = countOf(system, systemHeader.unknownAttempt)
      const delayMs = setup.unknownDelaysMs[deferrals]
      if (delayMs !== undefined) {
        await copies.unknown(incoming, deferrals + 1, delayMs)
        return 'kept'
      }
      await giveUp(copies, incoming, { handler: textOf(system, systemHeader.targetHandler) ?? '*', reason: error.reason, error, failures: 0 })
      return 'kept'
    }
    if (error instanceof MessageError) {
      await giveUp(copies, incoming, { handler: '*', reason: error.reason, error, failures: 0 })
      return 'kept'
    }
    const decision = decide({ error, attempt: failures, request: false }, setup.policy)
    switch (decision.action) {
      case 'retry-now':
        return 0
      case 'retry-after':
        if (setup.ordered) {
          // The head of a key holds it no longer than its lock: a redelivery would begin to count anew, for ever.
          if (scope.clock.now() + decision.delayMs - heldSince <= setup.holdMs) return decision.delayMs
          await giveUp(copies, incoming, { handler: '*', reason: 'held-too-long', error, failures })
          return 'kept'
        }
        await copies.retryWire(incoming, failures, decision.delayMs)
        return 'kept'
      case 'dead-letter':
        await giveUp(copies, incoming, { handler: '*', reason: decision.reason, error, failures })
        return 'kept'
    }
  }
}
