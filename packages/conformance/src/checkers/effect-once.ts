import { Bag } from './bag.js'
import type { Checker } from './checker.js'
import { eventsOf } from './replay.js'

const id = 'I11'

/** What is to happen once per logical id happens once, however often its message comes. */
export const effectOnce: Checker = {
  id,
  title: 'each effect happens once',
  check(history) {
    const seen = new Bag()
    return eventsOf(history, 'effect').flatMap(({ logical, run, seq }) => {
      seen.add(logical)
      const count = seen.of(logical)
      return count === 1 ? [] : [{ checker: id, text: `effect ${logical} happened ${count} times${run === undefined ? '' : `, again in ${run}`}`, seq }]
    })
  },
}
