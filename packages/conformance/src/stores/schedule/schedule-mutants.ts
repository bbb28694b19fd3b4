import type { ScheduleStore } from '@waybill/core/contract'
import type { SchedulePlace } from './schedule-place.js'

/** A store with one planted bug, and the scenario that finds it by an assertion. */
export interface ScheduleMutant {
  readonly name: string
  /** The id of the scenario. */
  readonly killedBy: string
  readonly wrap: (store: ScheduleStore) => ScheduleStore
}

/** The store, but for what the bug changes. */
function changed(change: (store: ScheduleStore) => Partial<ScheduleStore>): ScheduleMutant['wrap'] {
  return (store) => ({
    durability: store.durability,
    ...(store.watch === undefined ? undefined : { watch: (listener) => store.watch?.(listener) ?? (() => undefined) }),
    add: (...given) => store.add(...given),
    claim: (...given) => store.claim(...given),
    sent: (...given) => store.sent(...given),
    giveBack: (...given) => store.giveBack(...given),
    cancel: (...given) => store.cancel(...given),
    ...change(store),
  })
}

/** At least one for each promise that a dispatcher rests on. */
export const scheduleMutants: readonly ScheduleMutant[] = [
  {
    name: 'gives out a second early',
    killedBy: 'SD-01',
    wrap: changed((store) => ({ claim: (bus, request) => store.claim(bus, { ...request, nowMs: request.nowMs + 1_000 }) })),
  },
  {
    name: 'loses the original of a copy',
    killedBy: 'SD-02',
    wrap: changed((store) => ({
      add: (bus, messages, signal) =>
        store.add(
          bus,
          messages.map(({ outgoing: { original: _, ...outgoing }, ...message }) => ({ ...message, outgoing })),
          signal,
        ),
    })),
  },
  {
    name: 'gives out in the order of adding alone',
    killedBy: 'SD-05',
    wrap: changed((store) => ({
      async claim(bus, request) {
        const { rows, nextMs } = await store.claim(bus, request)
        return { rows: rows.toSorted((a, b) => Number(a.token) - Number(b.token)).toReversed(), nextMs }
      },
    })),
  },
  { name: 'keeps the rows of all buses together', killedBy: 'SD-08', wrap: changed((store) => ({ claim: (_, request) => store.claim('orders', request) })) },
  {
    name: 'adds a key twice',
    killedBy: 'SD-09',
    wrap: changed((store) => {
      let added = 0
      return {
        add: (bus, messages, signal) =>
          store.add(
            bus,
            messages.map((message) => ({ ...message, key: `${message.key}#${(added += 1)}` })),
            signal,
          ),
      }
    }),
  },
  {
    name: 'never ends a lease',
    killedBy: 'SD-13',
    wrap: changed((store) => ({ claim: (bus, request) => store.claim(bus, { ...request, leaseMs: 1_000 * request.leaseMs }) })),
  },
  { name: 'does not remove what is sent', killedBy: 'SD-14', wrap: changed(() => ({ sent: () => Promise.resolve() })) },
  {
    name: 'forgets how often a row was refused',
    killedBy: 'SD-15',
    wrap: changed((store) => ({
      giveBack: (bus, rows) =>
        store.giveBack(
          bus,
          rows.map((row) => ({ ...row, failures: 0 })),
        ),
    })),
  },
  {
    name: 'says that it has cancelled what is claimed',
    killedBy: 'SD-21',
    wrap: changed((store) => ({
      async cancel(...given) {
        const answer = await store.cancel(...given)
        return answer === 'too-late' ? 'cancelled' : answer
      },
    })),
  },
  {
    name: 'cancels what may have been sent',
    killedBy: 'SD-20',
    wrap: changed((store) => ({
      giveBack: (bus, rows) =>
        store.giveBack(
          bus,
          rows.map((row) => ({ ...row, maybeSent: false })),
        ),
    })),
  },
  {
    name: 'brings back what was cancelled',
    killedBy: 'SD-23',
    wrap: changed((store) => ({
      add: (bus, messages, signal) =>
        store.add(
          bus,
          messages.map((message) => ({ ...message, ifOver: 'replace' })),
          signal,
        ),
    })),
  },
  {
    name: 'removes a later row of the key',
    killedBy: 'SD-25',
    wrap: changed((store) => {
      const latest = new Map<string, string>()
      return {
        async claim(bus, request) {
          const answer = await store.claim(bus, request)
          for (const { key, token } of answer.rows) latest.set(key, token)
          return answer
        },
        sent: (bus, rows, nowMs) =>
          store.sent(
            bus,
            rows.map(({ key, token }) => ({ key, token: latest.get(key) ?? token })),
            nowMs,
          ),
      }
    }),
  },
  {
    name: 'does not mind who made a message',
    killedBy: 'SD-26',
    wrap: changed((store) => ({
      add: (bus, messages, signal) =>
        store.add(
          bus,
          messages.map(({ madeBy: _, ...message }) => message),
          signal,
        ),
    })),
  },
]

/** The place with the bug in each of its stores. */
export const withScheduleMutant = (place: SchedulePlace, { wrap }: ScheduleMutant): SchedulePlace => ({
  open: async () => wrap(await place.open()),
  close: () => place.close(),
})
