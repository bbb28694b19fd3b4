import type { Checker, Violation } from './checker.js'
import { replay, type EventOf } from './replay.js'

const id = 'I5'

/** One run at a time for each key of an endpoint, over all instances: a second may begin only when the first has ended or its lock was seen to be lost. */
export const keyExclusion: Checker = {
  id,
  title: 'runs of one key do not overlap',
  check(history) {
    const violations: Violation[] = []
    const open = new Map<string, EventOf<'started'>>()
    const lost = new Set<string>()
    replay(history, {
      started: (event) => {
        for (const other of open.values()) {
          if (event.key === undefined || other.key !== event.key || other.endpoint !== event.endpoint || lost.has(other.delivery)) continue
          violations.push({
            checker: id,
            text: `${event.message} started at ${event.endpoint} (${event.instance}) while ${other.message} of the same key ${event.key} ran (${other.instance}, since ${other.at})`,
            seq: event.seq,
          })
        }
        open.set(event.run, event)
      },
      ended: ({ run }) => void open.delete(run),
      'lock-lost': ({ delivery }) => void lost.add(delivery),
    })
    return violations
  },
}
