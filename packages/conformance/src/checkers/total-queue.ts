import type { HistoryEvent } from '../history/history.js'
import type { Checker, Violation } from './checker.js'
import { duplicateBudget } from './replay.js'
import { messageFates, type MessageFates } from './message-fates.js'

const id = 'I1'

/** What was confirmed is handled, a dead letter or expired, as often as it was published; what comes was published; what comes twice stays within the budget of the faults. */
export const totalQueue: Checker = {
  id,
  title: 'nothing lost, nothing unexpected, duplicates within the budget',
  check(history) {
    const violations: Violation[] = []
    const duplicates: string[] = []
    let count = 0
    for (const [message, fates] of messageFates(history)) {
      if (fates.published.length === 0) {
        if (fates.delivered > 0) violations.push(at(fates, `unexpected: ${message} was delivered and nobody published it`))
        continue
      }
      for (const lack of lost(fates)) violations.push(at(fates, `lost: ${message} ${lack}; last seen: ${tell(fates.lastSeen)}`))
      for (const [endpoint, handler, more] of duplicated(fates)) {
        count += more
        duplicates.push(`${message} at ${endpoint}/${handler} ${more} more than published`)
      }
    }
    const budget = duplicateBudget(history)
    if (count > budget) violations.push({ checker: id, text: `${count} duplicates, at most ${budget} allowed: ${duplicates.join(', ')}` })
    return violations
  },
}

const at = (fates: MessageFates, text: string): Violation => ({ checker: id, text, ...(fates.lastSeen && { seq: fates.lastSeen.seq }) })

/** Refused is not sent, though it may be called again; unknown may have been sent. */
function lost(fates: MessageFates): readonly string[] {
  const confirmed = fates.outcomes.of('confirmed')
  const lacks: string[] = []
  const readers = fates.published.find((event) => event.readers !== undefined)?.readers
  if (readers === undefined) {
    const ends = Math.max(0, fates.faults, ...[...fates.endpoints.values()].map((endpoint) => endpoint.ends))
    const seen = fates.endpoints.size > 0
    // Where it has arrived, the handlers below say what is missing.
    if (ends < confirmed && !runsAnywhere(fates)) lacks.push(`was confirmed ${times(confirmed)} and ${seen ? 'came' : 'never came'} to an end ${times(ends)}`)
  } else {
    for (const reader of readers) {
      const endpoint = fates.endpoints.get(reader)
      const ends = Math.max(fates.faults, endpoint?.ends ?? 0)
      if (ends < confirmed && (endpoint === undefined || endpoint.handlers.size === 0)) {
        lacks.push(`was confirmed ${times(confirmed)} and came to an end at ${reader} ${times(ends)}`)
      }
    }
  }
  for (const [name, endpoint] of fates.endpoints) {
    for (const handler of endpoint.handlers) {
      const ends = endpoint.of(handler) + fates.faults
      const due = Math.max(1, confirmed)
      if (ends < due) lacks.push(`was given to ${name}/${handler} and came to an end ${times(ends)} of ${due}`)
    }
  }
  return lacks
}

const runsAnywhere = (fates: MessageFates): boolean => [...fates.endpoints.values()].some(({ handlers }) => handlers.size > 0)

function* duplicated(fates: MessageFates): Generator<readonly [string, string, number]> {
  const published = Math.max(1, fates.published.length - fates.outcomes.of('refused'))
  for (const [endpoint, { succeeded }] of fates.endpoints) {
    for (const handler of succeeded.names) {
      const more = succeeded.of(handler) - published
      if (more > 0) yield [endpoint, handler, more]
    }
  }
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)

const tell = (event: HistoryEvent | undefined): string => {
  if (event === undefined) return 'never'
  const where = 'endpoint' in event ? ` at ${event.endpoint}` : 'to' in event ? ` to ${event.to}` : ''
  const how = 'outcome' in event ? ` (${event.outcome})` : 'disposition' in event ? ` (${event.disposition})` : ''
  return `${event.kind}${where}${how}, event ${event.seq} at ${event.at}`
}
