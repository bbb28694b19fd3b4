import { isDone } from './broker-watch.js'
import type { Played } from './play.js'
import { policies, type Schedule } from './schedule.js'
import { endpointOf, type Work } from './shop.js'

/** Throws what is wrong with it. */
export function judge(schedule: Schedule, { works, watch, broker, mayRepeat, markedEarly }: Played): void {
  const arrived = watch.arrived()
  const dead = watch.dead()
  const { failures, ofRequests } = policies[schedule.policy] ?? policies[0]
  const most = (work: Work): number => (work.name.endsWith('asked') ? ofRequests : failures)
  const told = new Set(works.flatMap(({ successes }) => successes.flat()))
  const wrong = {
    'acknowledged, and neither done nor kept': watch.unkept,
    'neither done nor a dead letter at the end': works.filter((work) => !isDone(work, arrived) && !dead.has(work.name)).map(({ name }) => name),
    'a dead letter without reason': works
      .filter((work) => dead.has(work.name) && !work.hopeless && !work.undeliverable && work.failures < most(work))
      .map(({ name }) => name),
    'tried more often than its policy says': mayRepeat ? [] : works.filter((work) => work.failures > most(work)).map(({ name }) => name),
    'run again although it was done': mayRepeat ? [] : works.filter(({ successes }) => successes.length > 1).map(({ name }) => name),
    'run again although its row said that it was done': works.filter(({ runsAfterMark }) => runsAfterMark > 0).map(({ name }) => name),
    'marked before all that it sent had arrived': markedEarly,
    'sent by a run that failed': [...arrived].filter((name) => !told.has(name)),
    'left on the broker': Object.entries(broker.depth(endpointOf(schedule))).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : [])),
  }
  const found = Object.entries(wrong).filter(([, names]) => names.length > 0)
  if (found.length > 0) throw new Error(found.map(([what, names]) => `${what}: ${names.join(', ')}`).join('\n'))
}
