import type { Checker } from './checker.js'
import { eventsOf } from './replay.js'

const id = 'I13'

/** What a run has taken it gives back: sockets, timers, listeners, consumers, locks. */
export const resources: Checker = {
  id,
  title: 'resources are back at their baseline',
  check(history) {
    const reads = eventsOf(history, 'resources')
    const baseline = reads.find(({ moment }) => moment === 'baseline')
    return reads
      .filter(({ moment }) => moment === 'end')
      .flatMap(({ counts, seq }) => {
        if (baseline === undefined || baseline.seq > seq) return [{ checker: id, text: 'resources were read at the end and not before the beginning', seq }]
        return Object.entries(counts)
          .filter(([name, count]) => count > (baseline.counts[name] ?? 0))
          .map(([name, count]) => ({ checker: id, text: `${name}: ${count}, at the beginning ${baseline.counts[name] ?? 0}`, seq }))
      })
  },
}
