import { property as propertyOver } from '../support/property.js'
import { judge } from './judge.js'
import { play } from './play.js'
import { schedules } from './schedule.js'

/** Whatever the handlers, the copies, the flushes, the settlements and the surroundings come to: no message is acknowledged whose work and whose copy both failed. */
export const property = propertyOver('recovery', schedules, async (schedule) => {
  // Jitter is the only chance in a bus: the same schedule is the same run.
  const { random } = Math
  let state = 1
  Math.random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  try {
    const played = await play(schedule)
    judge(schedule, played)
    return [...played.happened, ...(played.watch.dead().size > 0 ? ['dead letter'] : [])]
  } finally {
    Math.random = random
  }
})
