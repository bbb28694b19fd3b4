import type { Envelope, Outgoing } from '../contract/index.js'
import { errorFacts, MiddlewareError } from '../errors/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { derivedId, isoTime, messageId, timeOfCause } from '../runtime/message-id.js'
import { serializeReply, writeJson } from '../serialization/index.js'
import type { HandlerContext } from './handler-context.js'

/** Checks what the handler returned against the declared reply, and holds the reply for the flush. */
export function holdReply(scope: BusScope, guard: GuardedTransport, { context, result }: { readonly context: HandlerContext; readonly result: unknown }): void {
  const { envelope, contract } = context.received
  if (!contract.replies || envelope.replyTo === undefined) return
  const outgoing = makeReply(scope, { request: envelope, handler: context.handler }, { body: serializeReply(contract, result) })
  guard.checkSize(outgoing, 'reply')
  context.held.add({ outgoing, purpose: 'reply' }, guard.sizeOf(outgoing))
}

/** A request that a middleware accepts without the handler's reply, because it did not call it or swallowed its failure, gets a fault: its caller must not wait for a reply that nobody makes. */
export function answerShortCircuit(scope: BusScope, context: HandlerContext): void {
  if (context.shortCircuit === 'answered') return
  const { envelope, contract } = context.received
  scope.count(context.shortCircuit, `${context.type} before ${context.handler}`)
  if (!contract.replies || envelope.replyTo === undefined) return
  const outgoing = makeFault(scope, { request: envelope, handler: context.handler, failures: context.failures }, unanswered(context))
  context.held.add({ outgoing, purpose: 'reply' }, 0)
}

function unanswered({ shortCircuit, bound, type, handler }: HandlerContext): MiddlewareError {
  if (shortCircuit === 'filtered') {
    return new MiddlewareError('filter', `did not let this request of ${type} pass to ${handler}`, 'Let requests pass, or send what may be left out')
  }
  return new MiddlewareError(bound.name, 'accepted a request that its handler has not answered', 'Return what next(context) returns, or reject it')
}

/** Whose reply it is. */
export interface Answer {
  readonly request: Envelope
  readonly handler: string
}

const longestName = 256
const longestMessage = 2_048

/** A reply that says what failed. Its body is for machines and people: no stack. */
export function makeFault(scope: BusScope, answer: Answer & { readonly failures: number }, error: Error): Outgoing {
  const { name, message, code = name } = errorFacts(error)
  // Cut like that of a dead letter: a fault that is too large to leave would tell nobody anything.
  const fault = {
    name: name.slice(0, longestName),
    message: message.slice(0, longestMessage),
    code: code.slice(0, longestName),
    attempt: Math.max(1, answer.failures),
    handler: answer.handler,
  }
  return makeReply(scope, answer, { body: writeJson(fault), fault: fault.code })
}

function makeReply(scope: BusScope, { request, handler }: Answer, { body, fault }: { readonly body: Uint8Array; readonly fault?: string }): Outgoing {
  const now = scope.clock.now()
  const address = request.replyTo ?? ''
  const id = derivedId(timeOfCause(request), [request.source, request.id, handler, request.type, address, fault ?? ''], body)
  const system = Object.create(null) as Record<string, string>
  if (fault !== undefined) system['fault'] = fault
  const envelope: Envelope = {
    id,
    type: request.type,
    version: request.version,
    source: scope.bus,
    time: isoTime(now),
    contentType: 'application/json',
    kind: 'reply',
    correlationId: request.correlationId ?? request.id,
    causationId: request.id,
    headers: Object.create(null) as Record<string, string>,
    system,
    body,
    ...(request.expiresAt === undefined ? undefined : { expiresAt: request.expiresAt }),
  }
  // Who asks twice gets two replies: a broker that deduplicates must not swallow the second.
  return { destination: { kind: 'address', address }, envelope, copyId: messageId(now) }
}
