import type { Checker, Violation } from './checker.js'
import { Bag } from './bag.js'
import { duplicateBudget, eventsOf, replay, type EventOf } from './replay.js'

const id = 'I8'

interface Chain {
  failures: number
  delivery: string
  end: 'succeeded' | 'dead-lettered' | undefined
}

/** The attempts of a handler at a message count its failures and nothing else, stop at the policy's last, and have one end. */
export const attempts: Checker = {
  id,
  title: 'attempts count failures one by one, up to the last allowed, and end once',
  check(history) {
    const violations: Violation[] = []
    const published = new Bag()
    for (const { message } of eventsOf(history, 'publish-started')) published.add(message)
    const chains = new Map<string, Chain>()
    const runs = new Map<string, EventOf<'started'>>()
    /** Accepted, or still here: what comes again although it was not accepted has its count from the broker. */
    const settled = new Map<string, 'accepted' | 'released'>()
    const secondEnds: Violation[] = []
    const chainOf = (place: Place): Chain | undefined => {
      // Two messages of one id have two chains that nobody can tell apart.
      if (published.of(place.message) > 1) return undefined
      const name = JSON.stringify([place.message, place.endpoint, place.handler])
      const chain = chains.get(name) ?? { failures: 0, delivery: '', end: undefined }
      chains.set(name, chain)
      return chain
    }
    const end = (place: Place, how: 'succeeded' | 'dead-lettered', seq: number): void => {
      const chain = chainOf(place)
      if (chain === undefined) return
      // A second success is a duplicate, and I1 counts those.
      if (chain.end !== undefined && !(chain.end === 'succeeded' && how === 'succeeded')) {
        secondEnds.push({ checker: id, text: `${tell(place)} ${chain.end} and then ${how}`, seq })
      }
      chain.end = how
    }
    replay(history, {
      settled: ({ delivery, disposition }) => void settled.set(delivery, disposition),
      started: (event) => {
        runs.set(event.run, event)
        const { attempt, maxAttempts, delivery, seq } = event
        if (maxAttempts !== undefined && attempt > maxAttempts)
          violations.push({ checker: id, text: `${tell(event)} ran as attempt ${attempt} of at most ${maxAttempts}`, seq })
        const chain = chainOf(event)
        if (chain === undefined) return
        const cameBack = chain.delivery !== '' && chain.delivery !== delivery && settled.get(chain.delivery) !== 'accepted'
        const next = chain.failures + 1
        if (attempt > next || (attempt < next && !cameBack && chain.end === undefined)) {
          violations.push({ checker: id, text: `${tell(event)} ran as attempt ${attempt} after ${chain.failures} failures`, seq })
        }
        chain.failures = attempt - 1
        chain.delivery = delivery
      },
      ended: ({ run, outcome, seq }) => {
        const started = runs.get(run)
        if (started === undefined) return
        if (outcome === 'succeeded') end(started, 'succeeded', seq)
        const chain = chainOf(started)
        if (outcome === 'failed' && chain !== undefined) chain.failures += 1
      },
      'dead-lettered': (event) => end(event, 'dead-lettered', event.seq),
    })
    return [...violations, ...secondEnds.slice(duplicateBudget(history))]
  },
}

interface Place {
  readonly message: string
  readonly endpoint: string
  readonly handler: string
}
const tell = ({ message, endpoint, handler }: Place): string => `${message} at ${endpoint}/${handler}`
