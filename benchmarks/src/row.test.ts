import { describe, expect, it } from 'vitest'
import type { Target } from './candidate.js'
import type { Measured } from './measure.js'
import { rowsOf } from './row.js'

const measured = (name: string, rounds: readonly number[], init: { readonly target?: Target; readonly miscounted?: readonly number[] } = {}): Measured => ({
  candidate: { name, run: (iterations) => Promise.resolve(iterations), ...(init.target === undefined ? undefined : { target: init.target }) },
  iterations: 100,
  rounds,
  wall: rounds,
  miscounted: init.miscounted ?? [],
})

describe('rowsOf', () => {
  it('compares round with round, not median with median', () => {
    const [, row] = rowsOf([measured('bare', [10, 100, 20]), measured('whole', [60, 180, 50], { target: { kind: 'added', to: 'bare', atMost: 50 } })])
    expect(row?.target).toMatchObject({ measured: { median: 50, min: 30, max: 80 }, met: true })
  })

  it('divides what ten parts add by ten', () => {
    const [, row] = rowsOf([measured('none', [100]), measured('ten', [400], { target: { kind: 'added', to: 'none', atMost: 25, each: 10 } })])
    expect(row?.target).toMatchObject({ measured: { median: 30 }, met: false })
  })

  it('takes the ratio of each round', () => {
    const [, row] = rowsOf([measured('few', [100, 200]), measured('many', [150, 200], { target: { kind: 'ratio', of: 'few', atMost: 1.25 } })])
    expect(row?.target).toMatchObject({ measured: { median: 1.25, max: 1.5 }, met: true })
  })

  it('adds up what was handled, also in rounds that miscounted', () => {
    const [row] = rowsOf([measured('leaky', [1, 1, 1], { miscounted: [99] })])
    expect(row).toMatchObject({ iterations: 300, handled: 299 })
  })

  it('refuses a comparison with nobody', () => {
    expect(() => rowsOf([measured('whole', [1], { target: { kind: 'added', to: 'bare', atMost: 1 } })])).toThrow('"bare"')
  })
})
