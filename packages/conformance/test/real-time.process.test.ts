import { describe, expect, it } from 'vitest'
import { memoryInRealTime } from '../src/memory/memory-harness.js'
import { conformance } from '../src/runner/conformance.js'

const chosen = ['DS-01', 'RR-01', 'DQ-01', 'FT-04', 'GS-01', 'CAP-01']

describe('scenarios in the machine’s time', () => {
  it('pass as they are written, without a virtual clock', async () => {
    const { scenarios } = await conformance({ ...memoryInRealTime, only: chosen })
    expect(scenarios.map(({ id, failures }) => ({ id, failures })).toSorted((a, b) => chosen.indexOf(a.id) - chosen.indexOf(b.id))).toEqual(
      chosen.map((id) => ({ id, failures: [] })),
    )
  })
})
