import type { Middleware, Settlement, Step } from '../context/index.js'
import type { Envelope, InboxStore } from '../contract/index.js'
import { AlreadyHandledError, TooOldError } from '../errors/index.js'
import { messageId } from '../runtime/message-id.js'
import { flag, milliseconds, oneOf, optional, type Check, type Duration } from '../wire/index.js'
import { checkStepOptions } from './check-step-options.js'
import { claimLost } from './claim-lost.js'
import { expire } from './expire.js'
import { lateByMs } from './expiry.js'
import { checked, flushing } from './flush-outgoing.js'
import type { HandlerContext } from './handler-context.js'
import { HandlerStep, type HandlerInit } from './handler-step.js'
import { HeldClaims, type HeldClaim } from './held-claims.js'
import { InboxCalls } from './inbox-calls.js'
import { inboxRequest } from './inbox-request.js'
import { makeFault } from './reply.js'
import { accepted, rejected, released } from './settlement.js'
import { seconds } from './step-checks.js'

/** Where it is written down what is done, and what happens when that cannot be reached. */
export interface IdempotencyOptions {
  /** Where it is written down what is done. @default the bus's `stores.inbox` */
  readonly store?: InboxStore
  /** What happens while the store cannot be reached. `closed`: nothing runs and nothing is accepted, the endpoint waits. `open`: everything runs, unguarded, and is counted. @default 'closed' */
  readonly whenDown?: 'closed' | 'open'
  /** Lets a bus start whose broker outlives the process and whose store does not: for tests. @default false */
  readonly acceptMemory?: boolean
  /** How long another process waits for the row of one that has died, in a store whose claims do not end with their connection. Renewed while the handler runs; at least a second. @default '30s' */
  readonly lease?: Duration
}

const lease = '30s'

/**
 * Runs a handler once for a message, however often it is delivered. The row of (endpoint, handler, source, message id) is
 * claimed before the handler runs and marked when everything that the handler sent is confirmed; only then is the
 * delivery accepted. A concurrent duplicate waits, unsettled, and runs if the first one fails. A duplicate request gets
 * the reply of the first, byte for byte. A failed run leaves no row.
 */
export function idempotency(options: IdempotencyOptions = {}): HandlerStep {
  checkStepOptions('idempotency', options, {
    store: optional(inbox),
    whenDown: optional(oneOf('closed', 'open')),
    acceptMemory: optional(flag),
    lease: optional(seconds),
  })
  const step = new HandlerStep('idempotency', (init) => {
    const store = options.store ?? init.stores.inbox
    // Without a store the start is refused: nobody gets here.
    return store === undefined ? (context, next) => next(context) : once(init, store, options)
  })
  given.set(step, options)
  return step
}

/** The same where the bus has an inbox; elsewhere nothing. */
export function idempotencyIfStored(): HandlerStep {
  const step = idempotency()
  given.set(step, 'if stored')
  return step
}

const given = new WeakMap<HandlerStep, IdempotencyOptions | 'if stored'>()

/** What `idempotency` was given; `undefined` for every other step. */
export const idempotencyOf = (step: Middleware): IdempotencyOptions | 'if stored' | undefined => (step instanceof HandlerStep ? given.get(step) : undefined)

const inbox: Check = (value) =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'claim') === 'function' && durability(Reflect.get(value, 'durability')) === undefined
    ? undefined
    : "an inbox store, with its durability ('process' or 'disk') and claim()"
const durability = oneOf('process', 'disk')

function once(init: HandlerInit, store: InboxStore, options: IdempotencyOptions): Step<HandlerContext, Settlement> {
  const { scope, guard, endpoint } = init
  const leaseMs = milliseconds(options.lease, lease)
  const claims = new HeldClaims(scope, leaseMs)
  const rows = new InboxCalls(store, { scope, endpoint, claims, whenDown: options.whenDown ?? 'closed' })
  const flushed = flushing(init)

  const idempotencyStep: Step<HandlerContext, Settlement> = async (context, next) => {
    const { received } = context
    const request = inboxRequest(received, context.bound, leaseMs)
    if (request === undefined) {
      scope.count('no-identity', `${context.type} before ${context.handler}`)
      return next(context)
    }
    const askedAt = scope.clock.now()
    const answer = await rows.claim(request, context)
    if (answer === 'ended') return released
    if (answer === 'unguarded') {
      scope.count('unguarded', `${context.type} ${context.id} before ${context.handler}`)
      return next(context)
    }
    switch (answer.state) {
      case 'claimed': {
        // Taken over while it had no place.
        if (answer.isLost) throw claimLost
        const now = scope.clock.now()
        // It may have waited long, for another one or for the store.
        const byMs = now === askedAt ? 0 : lateByMs(received.envelope, now, endpoint.clockSkewMs)
        if (byMs === 0) return run(answer, next)
        await claims.giveBack(answer)
        return expire(scope, context, byMs)
      }
      case 'done':
        return duplicate(context, answer.reply)
      case 'too-old':
        context.failure = new TooOldError(context.type, request.id)
        return rejected('too-old')
    }
  }
  return idempotencyStep

  async function run(held: HeldClaim, next: (context: HandlerContext) => Promise<Settlement>): Promise<Settlement> {
    const { context } = held
    let settlement: Settlement
    try {
      settlement = await next(context)
      settlement = checked(scope, context, settlement)
      // A step outside of flush-outgoing has ended it.
      if (context.held.isOpen) settlement = await flushed(context, settlement)
    } catch (error) {
      await claims.giveBack(held)
      throw held.isLost ? claimLost : error
    }
    // A fault is no reply: the next request is answered anew.
    if (settlement.outcome !== 'accepted' || context.reply?.system['fault'] !== undefined) {
      await claims.giveBack(held)
      return settlement
    }
    const crash = scope.failpoint('before-mark')
    if (crash !== undefined) await crash
    return mark(held, settlement)
  }

  /** Everything that the handler sent is out. The delivery is kept until the row says so too. */
  async function mark(held: HeldClaim, settlement: Settlement): Promise<Settlement> {
    const { context } = held
    const marked = await rows.complete(held)
    claims.drop(held)
    switch (marked) {
      case 'done':
        return scope.failpoint('after-mark') ?? settlement
      case 'lost':
        scope.count('claim-lost', `${context.type} ${context.id} of ${context.handler}`)
        throw claimLost
      case 'unguarded':
        scope.count('unguarded', `${context.type} ${context.id} after ${context.handler}`)
        return settlement
      case 'ended':
        await claims.giveBack(held)
        return released
    }
  }

  async function duplicate(context: HandlerContext, reply: Envelope | undefined): Promise<Settlement> {
    const { envelope, contract, delivery } = context.received
    scope.count('duplicate', `${context.type} ${context.id} before ${context.handler}`)
    context.shortCircuit = 'answered'
    if (!contract.replies || envelope.replyTo === undefined) return accepted
    if (reply === undefined) {
      const error = new AlreadyHandledError(context.type, context.id)
      context.held.add({ outgoing: makeFault(scope, { request: envelope, handler: context.handler, failures: context.failures }, error), purpose: 'reply' }, 0)
      return accepted
    }
    const { expiresAt: _, ...stored } = reply
    const again: Envelope = envelope.expiresAt === undefined ? stored : { ...stored, expiresAt: envelope.expiresAt }
    // A copy of its own: a broker that deduplicates would keep the second reply from a requester that never saw the first.
    const outgoing = { destination: { kind: 'address', address: envelope.replyTo }, envelope: again, copyId: messageId(scope.clock.now()) } as const
    try {
      await guard.sendUntilTaken({ outgoing, purpose: 'reply', signal: delivery.lost })
    } catch {
      if (delivery.lost.aborted || scope.stopping) return released
      scope.count('dropped-reply', `${context.type} to ${context.id}`)
    }
    return accepted
  }
}
