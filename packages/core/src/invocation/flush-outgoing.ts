import type { Settlement, Step } from '../context/index.js'
import type { Envelope } from '../contract/index.js'
import { MiddlewareError } from '../errors/index.js'
import type { HeldMessage } from '../outgoing/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { HandlerContext } from './handler-context.js'
import { HandlerStep, type HandlerInit } from './handler-step.js'
import { answerShortCircuit } from './reply.js'
import { accepted, isSettlement, rejected, released } from './settlement.js'

/**
 * Sends what the handler holds, once it has succeeded, and ends when all of it is confirmed. What fails is sent again
 * with its id while the delivery is held; the handler does not run again.
 */
export const flushOutgoing = (): HandlerStep =>
  new HandlerStep('flush-outgoing', (init) => {
    const ended = flushing(init)
    const flushStep: Step<HandlerContext, Settlement> = async (context, next) => ended(context, checked(init.scope, context, await next(context)))
    return flushStep
  })

/** What becomes of the messages that a run holds when it has ended. */
export const flushing = ({ scope, outlet }: HandlerInit): ((context: HandlerContext, settlement: Settlement) => Settlement | Promise<Settlement>) => {
  return (context, settlement) => {
    const isAccepted = settlement.outcome === 'accepted'
    if (isAccepted && !context.called) answerShortCircuit(scope, context)
    context.held.close()
    return isAccepted && context.held.messages.length > 0 ? flush(context) : settlement
  }

  async function flush(context: HandlerContext): Promise<Settlement> {
    const { lost } = context.received.delivery
    if (lost.aborted) return unsent(context)
    const crash = scope.failpoint('before-flush')
    if (crash !== undefined) await crash
    // All of them before any leaves: a wire step that fails fails the handler, and one that is slow changes no order.
    const wired = outlet.hasWireSteps ? await Promise.all(context.held.messages.map((held) => encode(held, lost))) : context.held.messages
    const results = await Promise.allSettled(wired.map((held) => leave(held, lost)))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) {
      // Kept until now: so the lock is lost, the bus stops, or no broker will ever take it.
      if (lost.aborted || scope.stopping) return unsent(context)
      context.failure = failed.reason instanceof Error ? failed.reason : new Error(String(failed.reason))
      return rejected('undeliverable')
    }
    context.reply = replyOf(wired)
    const done = scope.failpoint('after-flush')
    if (done !== undefined) await done
    return accepted
  }

  async function encode({ outgoing, purpose, scheduled }: HeldMessage, lost: AbortSignal): Promise<HeldMessage> {
    return { outgoing: await outlet.toWire(outgoing, lost), purpose, scheduled }
  }

  async function leave(held: HeldMessage, lost: AbortSignal): Promise<void> {
    const { outgoing, purpose } = held
    try {
      await outlet.sendUntilTaken(held, lost)
    } catch (error) {
      if (purpose !== 'reply' || lost.aborted || scope.stopping) throw error
      // The requester is gone. That is its affair: what this handler has done stands.
      scope.count('dropped-reply', `${outgoing.envelope.type} to ${outgoing.envelope.causationId}`)
    }
  }
}

/** It goes back, whatever a step around it says. */
function unsent(context: HandlerContext): Settlement {
  context.called = false
  return released
}

function replyOf(sent: readonly HeldMessage[]): Envelope | undefined {
  return sent.findLast(({ purpose }) => purpose === 'reply')?.outgoing.envelope
}

/** Types see to this; JavaScript and casts do not. */
export function checked(scope: BusScope, context: HandlerContext, settlement: unknown): Settlement {
  if (settlement === accepted) return accepted
  if (!isSettlement(settlement))
    throw new MiddlewareError(
      context.bound.name,
      'ended without a settlement',
      'Each step of a middleware returns next(context), or an outcome: { outcome: "deferred", delayMs: 10_000 }, { outcome: "rejected", reason: "…" }',
    )
  if (settlement.outcome === 'released' && !isOver(scope, context)) {
    throw new MiddlewareError(context.bound.name, 'released a delivery that it could settle', 'Throw to try again, or return { outcome: "deferred", delayMs }')
  }
  // Not run to its end: the next delivery does that, and no step around it has a say.
  if (!context.called && context.shortCircuit === 'short-circuited' && isOver(scope, context)) return released
  return settlement
}

const isOver = (scope: BusScope, { received: { delivery } }: HandlerContext): boolean => scope.stopping || delivery.lost.aborted
