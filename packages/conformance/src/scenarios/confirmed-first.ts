import type { Lab } from '../lab/lab.js'

/** Whether everything that was sent because of this message was confirmed before the message was accepted, and something was. */
export function confirmedFirst(lab: Lab, cause: string): boolean {
  const caused = new Set(lab.seen('send').flatMap(({ outgoing: { envelope } }) => (envelope.causationId === cause ? [envelope.id] : [])))
  const deliveries = new Set(lab.history.flatMap((event) => (event.kind === 'delivered' && event.message === cause ? [event.delivery] : [])))
  const accepted = lab.history.findIndex((event) => event.kind === 'settled' && event.disposition === 'accepted' && deliveries.has(event.delivery))
  const confirmed = lab.history.findLastIndex((event) => event.kind === 'publish-ended' && event.outcome === 'confirmed' && caused.has(event.message))
  return caused.size > 0 && confirmed >= 0 && confirmed < accepted
}
