import { describe, expect, it } from 'vitest'
import type { Checker } from './checker.js'
import { runCheckers } from './command.js'
import { checkers } from './index.js'
import { historyOf, sent } from './samples/build-history.js'
import { alsoReported, samples } from './samples/index.js'

const withInPlace = (replaced: Checker, check: Checker['check']): readonly Checker[] => checkers.map((each) => (each === replaced ? { ...each, check } : each))

describe('runCheckers', () => {
  it('passes with real leaks and real noise beside the written histories', async () => {
    const { text, ok, counts } = await runCheckers()
    expect(text).not.toContain('FAILED')
    expect(ok).toBe(true)
    expect(counts).toEqual({ passed: counts.passed, failed: 0, skipped: 0 })
    expect(counts.passed).toBeGreaterThan(samples.length)
    expect(text.split('\n').at(-1)).toBe(`checkers: ${counts.passed} passed, 0 failed, 0 skipped`)
  })

  it('knows sixteen checkers', () => {
    expect(checkers.map(({ id }) => id)).toEqual(Array.from({ length: 16 }, (_, index) => `I${index + 1}`))
  })

  it.each(checkers)('fails when $id is blind', async (checker) => {
    const { ok, text } = await runCheckers({ checkers: withInPlace(checker, () => []), samples })
    expect(ok).toBe(false)
    expect(text).toContain(`not reported by ${checker.id}`)
  })

  it.each(checkers)('fails when $id reports everything', async (checker) => {
    const { ok, text } = await runCheckers({ checkers: withInPlace(checker, () => [{ checker: checker.id, text: 'all is bad' }]), samples })
    expect(ok).toBe(false)
    expect(text).toContain(`reported by ${checker.id} as "all is bad"`)
  })

  it('fails when a checker has too few histories', async () => {
    const { ok, text, counts } = await runCheckers({ samples: samples.filter(({ of, verdict }) => of !== 'I9' || verdict === 'violation') })
    expect(ok).toBe(false)
    expect(counts.failed).toBe(1)
    expect(text).toContain('I9 has 0 of at least 2 legal histories')
  })

  it('fails when a listed report does not come, and when its sample is gone', async () => {
    const [first] = samples
    const stale = [
      { sample: first?.name ?? '', checker: 'I16', because: 'it is not so' },
      { sample: 'a history that is not there', checker: 'I1', because: 'it is not so' },
    ]
    const { ok, text } = await runCheckers({ samples, alsoReported: [...alsoReported, ...stale] })
    expect(ok).toBe(false)
    expect(text).toContain(`${first?.name}: not reported by I16`)
    expect(text).toContain('"a history that is not there" is listed for I1 and does not exist')
  })

  it('fails on a report that is not listed', async () => {
    const { ok, text } = await runCheckers({ samples, alsoReported: alsoReported.slice(1) })
    expect(ok).toBe(false)
    expect(text).toContain(`${alsoReported[0]?.sample}: reported by ${alsoReported[0]?.checker}`)
  })

  it('counts a failed row once, whatever is wrong with it', async () => {
    const legal = { name: 'not legal', of: 'I1', verdict: 'legal' as const, history: historyOf(sent('m1'), { kind: 'unhandled', text: 'x' }) }
    const { counts } = await runCheckers({ samples: [...samples, legal] })
    expect(counts.failed).toBe(1)
  })
})
