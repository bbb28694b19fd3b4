import type { InboxAnswer, InboxClaim, InboxStore } from '@waybill/core/contract'
import type { InboxPlace } from './inbox-place.js'

/** A store with one planted bug, and the scenario that finds it by an assertion. */
export interface InboxMutant {
  readonly name: string
  /** The id of the scenario. */
  readonly killedBy: string
  readonly wrap: (store: InboxStore) => InboxStore
}

type Change = {
  readonly ask?: (request: Parameters<InboxStore['claim']>[0]) => Parameters<InboxStore['claim']>[0]
  readonly answer?: (answer: InboxAnswer) => InboxAnswer
}

/** Asks, or answers, in another way than the store does. */
const changed =
  ({ ask = (request) => request, answer = (same) => same }: Change) =>
  (store: InboxStore): InboxStore => ({
    durability: store.durability,
    claim: async (request, signal) => answer(await store.claim(ask(request), signal)),
  })

const withClaim = (change: (claim: InboxClaim) => InboxClaim) => {
  const answer = (given: InboxAnswer): InboxAnswer => {
    if (given.state === 'claimed') return change(given)
    if (given.state !== 'held') return given
    return { state: 'held', wait: async () => answer(await given.wait()) as InboxClaim }
  }
  return changed({ answer })
}

const nothing: InboxClaim = { state: 'claimed', complete: () => Promise.resolve('done'), release: () => Promise.resolve() }

/** Bugs that an inbox may have. */
export const inboxMutants: readonly InboxMutant[] = [
  { name: 'claims without waiting', killedBy: 'IN-03', wrap: changed({ answer: (given) => (given.state === 'held' ? nothing : given) }) },
  {
    name: 'completes what it does not hold any more',
    killedBy: 'IN-11',
    wrap: withClaim((claim) => ({
      ...bound(claim),
      complete: async (done) => {
        await claim.complete(done)
        return 'done'
      },
    })),
  },
  { name: 'forgets the handler in the key', killedBy: 'IN-14', wrap: changed({ ask: (request) => ({ ...request, handler: 'any' }) }) },
  { name: 'forgets the endpoint in the key', killedBy: 'IN-15', wrap: changed({ ask: (request) => ({ ...request, endpoint: 'any' }) }) },
  { name: 'forgets the source in the key', killedBy: 'IN-16', wrap: changed({ ask: (request) => ({ ...request, source: 'any' }) }) },
  { name: 'forgets former names', killedBy: 'IN-19', wrap: changed({ ask: (request) => ({ ...request, formerHandlers: [] }) }) },
  { name: 'never ends a lease', killedBy: 'IN-22', wrap: changed({ ask: (request) => ({ ...request, leaseMs: 1_000 * request.leaseMs }) }) },
  { name: 'does not renew', killedBy: 'IN-24', wrap: withClaim((claim) => ({ ...bound(claim), renew: () => Promise.resolve('held') })) },
  {
    name: 'marks what is released as done',
    killedBy: 'IN-05',
    wrap: withClaim((claim) => ({
      ...bound(claim),
      release: async () => {
        await claim.complete({})
      },
    })),
  },
  { name: 'loses the reply', killedBy: 'IN-20', wrap: withClaim((claim) => ({ ...bound(claim), complete: () => claim.complete({}) })) },
  { name: 'lets the oldest redelivery run', killedBy: 'IN-26', wrap: changed({ ask: (request) => ({ ...request, redelivered: false }) }) },
  { name: 'finds every old message too old', killedBy: 'IN-27', wrap: changed({ ask: (request) => ({ ...request, redelivered: true }) }) },
]

function bound(claim: InboxClaim): InboxClaim {
  const renew = claim.renew === undefined ? {} : { renew: claim.renew.bind(claim) }
  return { state: 'claimed', complete: (done) => claim.complete(done), release: () => claim.release(), ...renew }
}

/** The place with the bug in each of its stores. */
export const withMutant = (place: InboxPlace, { wrap }: InboxMutant): InboxPlace => {
  const wrapped = new Map<InboxStore, InboxStore>()
  return {
    retentionMs: place.retentionMs,
    now: () => place.now(),
    advance: (ms) => place.advance(ms),
    close: () => place.close(),
    async open() {
      const store = await place.open()
      const mutant = wrap(store)
      wrapped.set(mutant, store)
      return mutant
    },
    kill: (store) => place.kill(wrapped.get(store) ?? store),
  }
}
