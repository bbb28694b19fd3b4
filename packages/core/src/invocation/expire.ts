import type { Settlement } from '../context/index.js'
import { ExpiredError } from '../errors/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { HandlerContext } from './handler-context.js'
import { accepted, rejected } from './settlement.js'

/** What becomes of a message that has expired before its handler could begin: a request is counted and gets no reply, for its caller has given up; what else expires becomes a dead letter. */
export function expire(scope: BusScope, context: HandlerContext, byMs: number): Settlement {
  const { envelope } = context.received
  if (envelope.replyTo === undefined) {
    context.failure = new ExpiredError(envelope.type, byMs)
    return rejected('expired')
  }
  scope.count('expired-request', `${envelope.type} ${envelope.id}`)
  context.shortCircuit = 'answered'
  return accepted
}
