import type { HistoryEvent } from '../history/history.js'
import type { Checker, Violation } from './checker.js'
import { eventsOf, replay, type EventOf } from './replay.js'

const id = 'I4'

/** Of one sender, destination and key: messages come for the first time in the order of the calls, and none starts while an earlier one that has come is not done. */
export const keyOrder: Checker = {
  id,
  title: 'the messages of a key come in order, and none passes one that is not done',
  check(history) {
    const origins = readOrigins(history)
    const violations: Violation[] = []
    const lines = new Map<string, Line>()
    const deliveries = new Map<string, { readonly line: Line; readonly sequence: number }>()
    const lineOf = (event: EventOf<'delivered'> | EventOf<'started'>, { stream }: Origin): Line => {
      const name = JSON.stringify([event.endpoint, stream])
      const line = lines.get(name) ?? { come: new Set(), highest: 0, open: new Map() }
      lines.set(name, line)
      return line
    }
    replay(history, {
      delivered: (event) => {
        const origin = origins.get(event.message)
        if (origin === undefined || event.key === undefined) return
        const line = lineOf(event, origin)
        const { sequence } = origin
        if (!line.come.has(sequence) && sequence < line.highest) {
          violations.push({ checker: id, text: `${tell(event, sequence)} came to ${event.endpoint} after number ${line.highest}`, seq: event.seq })
        }
        line.come.add(sequence)
        line.highest = Math.max(line.highest, sequence)
        line.open.set(sequence, event)
        deliveries.set(event.delivery, { line, sequence })
      },
      settled: ({ delivery, disposition }) => {
        const known = deliveries.get(delivery)
        // A late answer for an earlier delivery says nothing about the one that came since.
        if (disposition === 'accepted' && known?.line.open.get(known.sequence)?.delivery === delivery) known.line.open.delete(known.sequence)
      },
      started: (event) => {
        const origin = origins.get(event.message)
        if (origin === undefined || event.key === undefined) return
        for (const [sequence, earlier] of lineOf(event, origin).open) {
          if (sequence >= origin.sequence) continue
          violations.push({
            checker: id,
            text: `${tell(event, origin.sequence)} started at ${event.endpoint} before ${tell(earlier, sequence)} was done`,
            seq: event.seq,
          })
        }
      },
    })
    return violations
  },
}

/** What has come to an endpoint of one stream. */
interface Line {
  readonly come: Set<number>
  highest: number
  /** The last delivery of each that is not accepted. */
  readonly open: Map<number, EventOf<'delivered'>>
}
interface Origin {
  readonly stream: string
  readonly sequence: number
}

const tell = ({ message, key }: { readonly message: string; readonly key?: string }, sequence: number): string =>
  `${message}, number ${sequence} of key ${key},`

/** Those whose place in the order is known: what may or may not have been sent has none. */
function readOrigins(history: readonly HistoryEvent[]): ReadonlyMap<string, Origin> {
  const outcomes = new Map(eventsOf(history, 'publish-ended').map(({ message, outcome }) => [message, outcome]))
  const origins = new Map<string, Origin>()
  for (const { message, instance, to, key, sequence } of eventsOf(history, 'publish-started')) {
    if (key !== undefined && outcomes.get(message) !== 'unknown') origins.set(message, { stream: JSON.stringify([instance, to, key]), sequence })
  }
  return origins
}
