import { Bag } from './bag.js'
import type { Checker, Violation } from './checker.js'
import { replay, type EventOf } from './replay.js'

const id = 'I10'

/** Every call settles within its bound, and once. A publish has one of three outcomes. */
export const boundedPromises: Checker = {
  id,
  title: 'every call settles within its bound, a publish with one outcome',
  check(history) {
    const violations: Violation[] = []
    const open = new Map<string, EventOf<'promise-started'>>()
    const unanswered = new Bag()
    replay(history, {
      'promise-started': (event) => void open.set(event.promise, event),
      'promise-ended': ({ promise, outcome, at, seq }) => {
        const started = open.get(promise)
        if (started === undefined) {
          violations.push({ checker: id, text: `${promise} ${outcome}, and it was not open`, seq })
          return
        }
        open.delete(promise)
        const took = at - started.at
        if (took > started.boundMs)
          violations.push({ checker: id, text: `${started.what} (${promise}) ${outcome} after ${took} ms, bound ${started.boundMs} ms`, seq })
      },
      'publish-started': ({ message }) => unanswered.add(message),
      'publish-ended': ({ message, outcome, seq }) => {
        unanswered.add(message, -1)
        if (unanswered.of(message) < 0) violations.push({ checker: id, text: `the publish of ${message} was ${outcome} after it had had its outcome`, seq })
      },
    })
    for (const { promise, what, boundMs, seq } of open.values())
      violations.push({ checker: id, text: `${what} (${promise}) never settled, bound ${boundMs} ms`, seq })
    return violations
  },
}
