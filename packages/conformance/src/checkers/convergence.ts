import type { HistoryEvent } from '../history/history.js'
import type { Checker, Violation } from './checker.js'
import { eventsOf } from './replay.js'

const id = 'I14'
const boundMs = 30_000

/** Once everything has healed, every instance works again within 30 s, as consumer and as publisher, and confirmed messages do not lie idle. */
export const convergence: Checker = {
  id,
  title: 'after healing, everybody works within 30 s',
  check(history) {
    const healed = eventsOf(history, 'fault-ended').at(-1)
    const markers = eventsOf(history, 'marker')
    const violations: Violation[] = []
    for (const { instance, role, outcome, at, seq } of markers) {
      if (outcome === 'missing') violations.push({ checker: id, text: `the ${role} ${instance} did not work again`, seq })
      else if (healed !== undefined && seq > healed.seq && at > healed.at + boundMs) {
        violations.push({ checker: id, text: `the ${role} ${instance} worked again ${at - healed.at} ms after healing, bound ${boundMs} ms`, seq })
      }
    }
    return healed === undefined ? violations : [...violations, ...idle(history, healed)]
  },
}

/** Confirmed messages that wait, and not one delivery of anything for 30 s. */
function idle(history: readonly HistoryEvent[], healed: HistoryEvent): readonly Violation[] {
  const arrived = new Set(
    eventsOf(history, 'delivered')
      .filter(({ seq }) => seq < healed.seq)
      .map(({ message }) => message),
  )
  const delayed = new Set(
    eventsOf(history, 'publish-started')
      .filter((event) => event.notBefore !== undefined || event.readers?.length === 0)
      .map(({ message }) => message),
  )
  const waiting = eventsOf(history, 'publish-ended').find(({ message, outcome }) => outcome === 'confirmed' && !arrived.has(message) && !delayed.has(message))
  if (waiting === undefined) return []
  const since = Math.max(waiting.at, healed.at)
  const next = eventsOf(history, 'delivered').find(({ seq }) => seq > Math.max(waiting.seq, healed.seq))
  const until = next?.at ?? history.at(-1)?.at ?? since
  if (until <= since + boundMs) return []
  return [
    {
      checker: id,
      text: `${waiting.message} waited and nothing was delivered for ${until - since} ms after healing, bound ${boundMs} ms`,
      seq: next?.seq ?? waiting.seq,
    },
  ]
}
