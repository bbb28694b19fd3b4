import type { Checker } from './checker.js'
import { messageFates } from './message-fates.js'
import { eventsOf } from './replay.js'

const id = 'I2'

/** Who was told that a message was refused may send another in its place: it must never arrive. */
export const noAbortedRead: Checker = {
  id,
  title: 'what was refused is never delivered',
  check(history) {
    const fates = messageFates(history)
    return eventsOf(history, 'delivered').flatMap(({ message, endpoint, seq }) => {
      const of = fates.get(message)
      const refused = of?.outcomes.of('refused') ?? 0
      if (of === undefined || refused === 0 || refused < of.published.length) return []
      return [{ checker: id, text: `aborted read: ${message} was refused and was delivered at ${endpoint}`, seq }]
    })
  },
}
