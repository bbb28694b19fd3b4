import { property as propertyOver, type Property } from '../support/property.js'
import { judge } from './judge.js'
import { play } from './play.js'
import { schedulesWith, type Schedule } from './schedule.js'

/** Whatever the handlers, the copies, the flushes, the settlements, the store and the surroundings come to: no message is acknowledged whose work and whose copy both failed. */
const recovery = (name: string, ...inboxes: readonly Schedule['inbox'][]): Property =>
  propertyOver(name, schedulesWith(...inboxes), async (schedule) => {
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

/** In two parts, so that two workers share them. */
export const withoutInbox = recovery('recovery without inbox', 'none')
export const withInbox = recovery('recovery with inbox', 'closed', 'open')
/** Half of each: for planted bugs. */
export const property = recovery('recovery', 'none', 'none', 'closed', 'open')
