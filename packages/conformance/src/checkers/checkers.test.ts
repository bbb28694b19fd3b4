import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../history/history.js'
import { checkers } from './index.js'
import { legalHistory } from './samples/legal-history.js'
import { totalQueue } from './total-queue.js'
import { keyOrder } from './key-order.js'
import { keyExclusion } from './key-exclusion.js'
import { attempts } from './attempts.js'
import { fidelity } from './fidelity.js'
import { eventsOf } from './replay.js'

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const runs = { numRuns: 300 }

const without = (history: readonly HistoryEvent[], dropped: (event: HistoryEvent) => boolean): readonly HistoryEvent[] =>
  history.filter((event) => !dropped(event))
const texts = (history: readonly HistoryEvent[]): readonly string[] =>
  checkers.flatMap(({ check }) => check(history).map(({ checker, text }) => `${checker} ${text}`))

describe('the checkers', () => {
  it('find nothing in a legal history', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(texts(legalHistory(seed))).toEqual([])
      }),
      runs,
    )
  })

  it('miss every message whose end is taken out, by its id', () => {
    fc.assert(
      fc.property(seeds, fc.nat(), (seed, chosen) => {
        const history = legalHistory(seed)
        const ends = history.filter((event) => (event.kind === 'ended' && event.outcome === 'succeeded') || event.kind === 'dead-lettered')
        const end = ends[chosen % ends.length]
        const started = eventsOf(history, 'started')
        const message = end?.kind === 'ended' ? started.find(({ run }) => run === end.run)?.message : end?.kind === 'dead-lettered' ? end.message : ''
        const violations = totalQueue.check(without(history, (event) => event === end))
        expect(violations).toHaveLength(1)
        expect(violations[0]?.text).toContain(`lost: ${message} `)
      }),
      runs,
    )
  })

  it('miss every message that is taken out of the broker', () => {
    fc.assert(
      fc.property(seeds, fc.nat(), (seed, chosen) => {
        const history = legalHistory(seed)
        const published = eventsOf(history, 'publish-started')
        const message = published[chosen % published.length]?.message ?? ''
        const runsOfIt = new Set(eventsOf(history, 'started').flatMap((event) => (event.message === message ? [event.run] : [])))
        const deliveries = new Set(eventsOf(history, 'delivered').flatMap((event) => (event.message === message ? [event.delivery] : [])))
        const isOfIt = (event: HistoryEvent): boolean =>
          (event.kind === 'ended' && runsOfIt.has(event.run)) ||
          ('delivery' in event && deliveries.has(event.delivery)) ||
          (event.kind === 'dead-lettered' && event.message === message)
        const violations = totalQueue.check(without(history, isOfIt))
        expect(violations.map(({ text }) => text)).toEqual([expect.stringContaining(`lost: ${message} was confirmed once and never came to an end`)])
      }),
      runs,
    )
  })

  it('see a run that is repeated without a fault as a duplicate', () => {
    fc.assert(
      fc.property(seeds, fc.nat(), (seed, chosen) => {
        const history = legalHistory(seed)
        const succeeded = eventsOf(history, 'ended').filter(({ outcome }) => outcome === 'succeeded')
        const again = succeeded[chosen % succeeded.length]
        if (again === undefined) return
        const [violation, ...others] = totalQueue.check([...history, { ...again, seq: history.length + 1 }])
        expect(others).toEqual([])
        expect(violation?.text).toMatch(/^1 duplicates, at most 0 allowed/)
      }),
      runs,
    )
  })

  it('see two of a key that change places', () => {
    fc.assert(
      fc.property(seeds, fc.nat(), (seed, chosen) => {
        const history = legalHistory(seed)
        const published = eventsOf(history, 'publish-started').filter(({ key }) => key !== undefined)
        const first = published[chosen % published.length]
        const second = published.find(
          (other) => first !== undefined && other.key === first.key && other.to === first.to && other.sequence === first.sequence + 1,
        )
        if (first === undefined || second === undefined) return
        const swapped = history.map((event) => {
          if (event === first) return { ...first, sequence: second.sequence }
          return event === second ? { ...second, sequence: first.sequence } : event
        })
        expect(keyOrder.check(swapped)).not.toEqual([])
      }),
      runs,
    )
  })

  it('see a run of a key that does not end before the next begins', () => {
    fc.assert(
      fc.property(seeds, fc.nat(), (seed, chosen) => {
        const history = legalHistory(seed)
        const started = eventsOf(history, 'started').filter(({ key }) => key !== undefined)
        const first = started[chosen % started.length]
        const end = history.find((event) => event.kind === 'ended' && event.run === first?.run)
        const next = started.find((other) => first !== undefined && other.key === first.key && other.seq > first.seq)
        if (end === undefined || next === undefined) return
        const late = [...without(history, (event) => event === end), end]
        expect(keyExclusion.check(late)).not.toEqual([])
      }),
      runs,
    )
  })

  it('see an attempt that is left out, and a changed body', () => {
    fc.assert(
      fc.property(seeds, fc.nat(), (seed, chosen) => {
        const history = legalHistory(seed)
        const started = eventsOf(history, 'started')
        const one = started[chosen % started.length]
        const skipped = history.map((event) => (event.kind === 'started' && event === one ? { ...event, attempt: event.attempt + 1 } : event))
        expect(attempts.check(skipped)).not.toEqual([])
        const seen = eventsOf(history, 'seen').filter(({ place }) => place !== 'sent')
        const changed = seen[chosen % seen.length]
        expect(fidelity.check(history.map((event) => (event === changed ? { ...changed, digest: 'other' } : event)))).not.toEqual([])
      }),
      runs,
    )
  })
})
