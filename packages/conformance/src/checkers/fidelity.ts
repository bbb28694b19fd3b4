import type { Checker, Violation } from './checker.js'
import { eventsOf, type EventOf } from './replay.js'

const id = 'I16'

/** Body and headers are the same at every place of a message's way. */
export const fidelity: Checker = {
  id,
  title: 'a message is the same at every place of its way',
  check(history) {
    const first = new Map<string, EventOf<'seen'>>()
    const violations: Violation[] = []
    for (const event of eventsOf(history, 'seen')) {
      const reference = first.get(event.message)
      if (reference === undefined) first.set(event.message, event)
      else if (reference.digest !== event.digest) {
        violations.push({
          checker: id,
          text: `${event.message} is ${event.digest} at ${event.place} and was ${reference.digest} at ${reference.place}`,
          seq: event.seq,
        })
      }
    }
    return violations
  },
}
