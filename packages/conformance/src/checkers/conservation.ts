import type { HistoryEvent } from '../history/history.js'
import { Bag } from './bag.js'
import type { Checker, Violation } from './checker.js'
import { eventsOf, replay, type EventOf } from './replay.js'

const id = 'I3'

/** When nothing more is to come, the broker holds nothing but the dead letters that are expected, and no delivery is without an answer. */
export const conservation: Checker = {
  id,
  title: 'at the end nothing is left, and nothing is missing, in the broker',
  check(history) {
    const finals = eventsOf(history, 'depth').filter(({ final }) => final)
    return finals.length === 0 ? [] : [...leftOver(history, finals), ...unanswered(history)]
  },
}

function leftOver(history: readonly HistoryEvent[], finals: readonly EventOf<'depth'>[]): readonly Violation[] {
  const deadLetters = new Bag()
  for (const { endpoint } of eventsOf(history, 'dead-lettered')) deadLetters.add(endpoint.endsWith('.dead-letter') ? endpoint : `${endpoint}.dead-letter`)
  return finals.flatMap(({ endpoint, ready, unsettled, delayed, expected, seq }) => {
    const texts: string[] = []
    if (unsettled > 0) texts.push(`${unsettled} unsettled at ${endpoint}`)
    if (delayed > 0) texts.push(`${delayed} delayed at ${endpoint}`)
    if (ready !== (expected ?? 0)) texts.push(`${ready} ready at ${endpoint}, ${expected ?? 0} expected`)
    const copies = deadLetters.of(endpoint)
    if (copies > ready) texts.push(`${copies} dead letters were confirmed at ${endpoint}, ${ready} lie there`)
    return texts.map((text) => ({ checker: id, text, seq }))
  })
}

/** One answer each. What a fault or a lost lock took away needs none. */
function unanswered(history: readonly HistoryEvent[]): readonly Violation[] {
  const open = new Map<string, EventOf<'delivered'>>()
  const answered = new Set<string>()
  const violations: Violation[] = []
  replay(history, {
    delivered: (event) => void open.set(event.delivery, event),
    settled: ({ delivery, seq }) => {
      if (answered.has(delivery)) violations.push({ checker: id, text: `delivery ${delivery} was answered twice`, seq })
      answered.add(delivery)
      open.delete(delivery)
    },
    'lock-lost': ({ delivery }) => void open.delete(delivery),
    'fault-began': () => open.clear(),
  })
  for (const { delivery, message, endpoint, seq } of open.values()) {
    violations.push({ checker: id, text: `delivery ${delivery} of ${message} at ${endpoint} was never answered`, seq })
  }
  return violations
}
