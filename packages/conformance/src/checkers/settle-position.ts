import type { Checker } from './checker.js'
import { eventsOf } from './replay.js'

const id = 'I9'

/** Where one number settles all below it, that number never passes what is not done. */
export const settlePosition: Checker = {
  id,
  title: 'no committed position passes an unfinished record',
  check: (history) =>
    eventsOf(history, 'position')
      .filter(({ committed, unfinished }) => committed > unfinished)
      .map(({ log, committed, unfinished, seq }) => ({ checker: id, text: `${log}: committed up to ${committed}, and ${unfinished} is unfinished`, seq })),
}
