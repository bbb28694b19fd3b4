import { Bag } from './bag.js'
import type { Checker, Violation } from './checker.js'
import { replay, type EventOf } from './replay.js'

const id = 'I6'

/** No more runs and no more unsettled deliveries than were asked for, and all slots in use where the scenario has filled them. */
export const concurrency: Checker = {
  id,
  title: 'no more runs and unsettled deliveries than asked for, and no slot idle under load',
  check(history) {
    const violations: Violation[] = []
    const running = new Bag()
    const unsettled = new Bag()
    const runs = new Map<string, string>()
    const deliveries = new Map<string, string>()
    const limits = new Map<string, number>()
    const saturated = new Map<string, EventOf<'saturated'> & { reached: number }>()
    /** Where the transport gave more than was asked for, the worst moment. */
    const handedOver = new Map<string, EventOf<'held'>>()
    const settle = (delivery: string): void => {
      const place = deliveries.get(delivery)
      if (place !== undefined && deliveries.delete(delivery)) unsettled.add(place, -1)
    }
    replay(history, {
      delivered: ({ delivery, endpoint, instance, prefetch, seq }) => {
        const place = placeOf({ endpoint, instance })
        unsettled.add(place)
        deliveries.set(delivery, place)
        const held = unsettled.of(place)
        if (prefetch !== undefined && held > prefetch)
          violations.push({ checker: id, text: `${endpoint} (${instance}) holds ${held} unsettled deliveries and has asked for ${prefetch}`, seq })
      },
      settled: ({ delivery }) => settle(delivery),
      'lock-lost': ({ delivery }) => settle(delivery),
      started: ({ run, endpoint, instance, concurrency: limit, seq }) => {
        const place = placeOf({ endpoint, instance })
        running.add(place)
        runs.set(run, place)
        const count = running.of(place)
        if (limit === undefined) return
        limits.set(place, limit)
        if (count > limit) violations.push({ checker: id, text: `${endpoint} (${instance}) runs ${count} at once, at most ${limit} allowed`, seq })
        const load = saturated.get(place)
        if (load !== undefined) load.reached = Math.max(load.reached, count)
      },
      ended: ({ run }) => {
        const place = runs.get(run)
        if (place !== undefined && runs.delete(run)) running.add(place, -1)
      },
      held: (event) => {
        const place = placeOf(event)
        if (event.unsettled > event.prefetch && event.unsettled > (handedOver.get(place)?.unsettled ?? 0)) handedOver.set(place, event)
      },
      saturated: (event) => {
        const place = placeOf(event)
        saturated.set(place, { ...event, reached: running.of(place) })
      },
    })
    for (const { endpoint, instance, unsettled: count, prefetch, seq } of handedOver.values()) {
      violations.push({ checker: id, text: `${endpoint} (${instance}) holds ${count} deliveries and has asked for ${prefetch}`, seq })
    }
    for (const [place, { endpoint, instance, reached, seq }] of saturated) {
      const limit = limits.get(place)
      if (limit === undefined || reached < limit)
        violations.push({
          checker: id,
          text: `${endpoint} (${instance}) was filled and ran at most ${reached} at once of ${limit ?? 'an unknown number'}`,
          seq,
        })
    }
    return violations
  },
}

const placeOf = ({ endpoint, instance }: { readonly endpoint: string; readonly instance: string }): string => JSON.stringify([endpoint, instance])
