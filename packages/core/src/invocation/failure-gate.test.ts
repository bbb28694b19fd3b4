import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FailureGate, type Passage, type Shown } from './failure-gate.js'

const gate = (): FailureGate => new FailureGate({ failures: 3, waitMs: 100 })

/** One run that takes no time. */
function run(from: FailureGate, shown: Shown, now = 0): 'narrowed' | 'widened' | 'refused' | undefined {
  const passage = from.start(now)
  return passage === undefined ? 'refused' : from.end(passage, shown, now)
}

function narrowed(now = 0): FailureGate {
  const narrow = gate()
  for (let failure = 0; failure < 3; failure += 1) run(narrow, 'failure', now)
  return narrow
}

describe('the failure gate', () => {
  it('narrows with the failure that makes the row full', () => {
    const g = gate()
    expect([run(g, 'failure'), run(g, 'failure'), run(g, 'failure')]).toEqual([undefined, undefined, 'narrowed'])
    expect(g.isNarrow).toBe(true)
  })

  it('waits no longer than it says when the clock is put back, and no time twice', () => {
    const g = narrowed(1_000_000)
    expect(g.start(400_000)).toBeUndefined()
    expect(g.dueAt).toBe(400_100)
    expect(g.start(400_099)).toBeUndefined()
    expect(g.start(400_100)).toBeDefined()
  })

  it('begins to count anew with each success', () => {
    const g = gate()
    for (let round = 0; round < 5; round += 1) for (const shown of ['failure', 'failure', 'success'] as const) run(g, shown)
    expect(g.isNarrow).toBe(false)
  })

  it('leaves the row as it is where a run shows neither', () => {
    const g = gate()
    run(g, 'failure')
    run(g, 'neither')
    run(g, 'failure')
    expect(run(g, 'failure')).toBe('narrowed')
  })

  it('lets one start when the wait is over, and nobody beside it', () => {
    const g = narrowed(1_000)
    expect(g.dueAt).toBe(1_100)
    expect(g.start(1_099)).toBeUndefined()
    expect(g.start(1_100)).toBeDefined()
    expect(g.start(1_100)).toBeUndefined()
    expect(g.start(99_999)).toBeUndefined()
    expect(g.dueAt).toBeUndefined()
  })

  it.each(['failure', 'neither'] as const)('waits again after the end of a run that showed %s', (shown) => {
    const g = narrowed()
    const passage = g.start(100) as Passage
    expect(g.end(passage, shown, 250)).toBeUndefined()
    expect(g.dueAt).toBe(350)
    expect(g.start(349)).toBeUndefined()
    expect(g.start(350)).toBeDefined()
  })

  it('lets the next start at once when one did not start after all', () => {
    const g = narrowed()
    g.giveBack(g.start(100) as Passage)
    expect(g.start(100)).toBeDefined()
  })

  it('opens with the first success, and counts from nothing then', () => {
    const g = narrowed()
    expect(run(g, 'success', 100)).toBe('widened')
    expect([run(g, 'failure'), run(g, 'failure'), run(g, 'failure')]).toEqual([undefined, undefined, 'narrowed'])
  })

  it('learns nothing from runs that began before it changed', () => {
    const g = gate()
    const early = g.start(0) as Passage
    for (let failure = 0; failure < 3; failure += 1) run(g, 'failure')
    expect(g.end(early, 'success', 50)).toBeUndefined()
    expect(g.isNarrow).toBe(true)
    const probe = g.start(100) as Passage
    expect(g.end(early, 'failure', 100)).toBeUndefined()
    expect(g.isOccupied).toBe(true)
    g.end(probe, 'success', 110)
    for (let failure = 0; failure < 9; failure += 1) g.end(probe, 'failure', 120)
    expect(g.isNarrow).toBe(false)
  })

  it('never has two starts at once nor nearer than the wait while it is narrow, and opens only by a success', () => {
    const act = fc.record({ afterMs: fc.nat(150), what: fc.constantFrom('start', 'success', 'failure', 'neither', 'give back'), which: fc.nat(20) })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), fc.integer({ min: 1, max: 4 }), (acts, failures) => {
        const g = new FailureGate({ failures, waitMs: 100 })
        const wrong: string[] = []
        const open: { readonly passage: Passage; readonly narrow: boolean }[] = []
        let now = 0
        let freeFrom = Infinity
        for (const { afterMs, what, which } of acts) {
          now += afterMs
          if (what === 'start') {
            const isFree = !open.some(({ passage, narrow }) => narrow && passage.period === g.period) && now >= freeFrom
            const narrow = g.isNarrow
            const passage = g.start(now)
            if ((passage !== undefined) !== (!narrow || isFree)) wrong.push(`start at ${now}`)
            if (passage !== undefined) open.push({ passage, narrow })
            continue
          }
          const [run] = open.splice(which % Math.max(1, open.length), 1)
          if (run === undefined) continue
          const isCurrent = run.passage.period === g.period
          if (what === 'give back') {
            g.giveBack(run.passage)
            continue
          }
          const change = g.end(run.passage, what, now)
          const possible = !isCurrent
            ? [undefined]
            : run.narrow
              ? [what === 'success' ? 'widened' : undefined]
              : [undefined, what === 'failure' ? 'narrowed' : undefined]
          if (!possible.includes(change)) wrong.push(`${String(change)} at ${now}`)
          if (isCurrent && (run.narrow || change === 'narrowed')) freeFrom = now + 100
        }
        expect(wrong).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })
})
