import type { Checker, Violation } from './checker.js'
import { eventsOf, replay } from './replay.js'

const id = 'I7'
/** Clocks count whole milliseconds. */
const epsilonMs = 1

/** No run before its message is due, first or again; none later than the declared resolution, where no fault lies between. */
export const notBefore: Checker = {
  id,
  title: 'nothing runs before it is due, nor later than declared',
  check(history) {
    const violations: Violation[] = []
    const delayed = new Map(
      eventsOf(history, 'publish-started').flatMap((event) =>
        event.notBefore === undefined ? [] : [[event.message, { ...event, due: event.notBefore }] as const],
      ),
    )
    const deferred = new Map<string, number>()
    const ran = new Set<string>()
    let faulty = false
    replay(history, {
      'fault-began': () => {
        faulty = true
      },
      deferred: ({ message, endpoint, handler, due }) => void deferred.set(JSON.stringify([message, endpoint, handler]), due),
      started: ({ message, endpoint, handler, at, seq }) => {
        const first = delayed.get(message)
        if (first !== undefined && at < first.due - epsilonMs)
          violations.push({ checker: id, text: `${message} started at ${at}, ${first.due - at} ms before it was due`, seq })
        const place = JSON.stringify([message, endpoint, handler])
        const again = deferred.get(place)
        // A fault may have brought the message back beside its copy.
        if (again !== undefined && !faulty && at < again - epsilonMs)
          violations.push({ checker: id, text: `${message} ran again at ${endpoint}/${handler} at ${at}, ${again - at} ms before its delay was over`, seq })
        if (first?.resolutionMs !== undefined && !faulty && !ran.has(place) && at > first.due + first.resolutionMs) {
          violations.push({
            checker: id,
            text: `${message} started at ${at}, ${at - first.due} ms after it was due, at most ${first.resolutionMs} declared`,
            seq,
          })
        }
        ran.add(place)
      },
    })
    return violations
  },
}
