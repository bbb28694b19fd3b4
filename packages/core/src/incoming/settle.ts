import type { Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import { asError, MessageError, UnknownHandlerError, UnknownTypeError } from '../errors/index.js'
import { AbandonedError } from '../invocation/index.js'
import { decide } from '../recovery/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { Copies } from './copies.js'
import { giveUp } from './give-up.js'
import type { IncomingDelivery } from './incoming-delivery.js'
import { countOf, systemHeader, textOf } from './system-headers.js'
import type { Waits } from './waits.js'

/** The outer catch: everything that is no handler's error. A bad message is a dead letter at once; an unknown one waits for an instance that knows it; anything else follows the endpoint's policy. Never accepts because something failed: a copy is confirmed first. */
export const settle = (scope: BusScope, copies: Copies, waits: Waits): Step<IncomingDelivery, Disposition> => {
  const settleStep: Step<IncomingDelivery, Disposition> = async (first, next) => {
    let incoming = first
    let failures = textOf(first.system, systemHeader.targetHandler) === undefined ? countOf(first.system, systemHeader.attempt) : 0
    for (;;) {
      try {
        return await next(incoming)
      } catch (thrown) {
        const { lost } = incoming.delivery
        const error = asError(thrown, '*')
        if (scope.stopping || lost.aborted || error instanceof AbandonedError) return 'released'
        failures += 1
        try {
          const waitMs = await keep(incoming, error, failures)
          if (waitMs === 'kept') return 'accepted'
          if (waitMs > 0 && (await waits.wait(waitMs, lost)) === 'ended') return 'released'
        } catch (abandoned) {
          if (abandoned instanceof AbandonedError) return 'released'
          throw abandoned
        }
        incoming = incoming.again()
      }
    }
  }
  return settleStep

  /** `kept` when a copy is confirmed; otherwise after how long to try again here. */
  async function keep(incoming: IncomingDelivery, error: Error, failures: number): Promise<'kept' | number> {
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
        if (setup.ordered) return decision.delayMs
        await copies.retry(incoming, { handler: undefined, failures, delayMs: decision.delayMs })
        return 'kept'
      case 'dead-letter':
        await giveUp(copies, incoming, { handler: '*', reason: decision.reason, error, failures })
        return 'kept'
    }
  }
}
