import { describe, expect, it } from 'vitest'
import { memoryHarness } from '../memory/memory-harness.js'
import type { ScenarioResult } from '../runner/result.js'
import { guaranteesPage, type ProvenTransport } from './guarantees-page.js'
import { providedBy } from './provided.js'

const result = (id: string, given: Partial<ScenarioResult> = {}): ScenarioResult => ({
  ...{ id, tier: 'T1', title: `what ${id} shows`, seed: 1, status: 'passed', published: 1, delivered: 1, checks: 1, faults: [], ms: 1, failures: [] },
  ...given,
})

const proven = (...results: readonly ScenarioResult[]): ProvenTransport => ({
  name: 'rabbits',
  results,
  provided: { capabilities: { replies: 'shared' }, rows: [{ need: 'replies', by: 'orders.get', provided: 'emulated', detail: 'shared reply address' }] },
  skips: [{ scenario: 'RR-01', transport: 'rabbits', flag: 'replies', reason: 'rabbits do not answer' }],
})

const words = (page: string): string => page.replaceAll(/ +/g, ' ')

describe('the page of guarantees', () => {
  it('says what holds by the scenario that shows it, in its group', () => {
    const page = words(guaranteesPage([proven(result('DS-02'), result('DS-01'), result('OR-01'))], []))
    expect(page).toContain('3 scenarios hold, 0 are not claimed.')
    expect(page).toMatch(/### Delivery and settlement\n\n.*\n.*\n\| DS-01 \| what DS-01 shows \|\n\| DS-02 \| what DS-02 shows \|\n\n### Order by key/)
    expect(page).not.toContain('Not claimed')
  })

  it('does not claim what was skipped, and says why', () => {
    const page = words(
      guaranteesPage([proven(result('RR-01', { status: 'skipped', flag: 'replies' }), result('DL-01', { status: 'skipped', flag: 'topic-delay' }))], []),
    )
    expect(page).toContain('0 scenarios hold, 2 are not claimed.')
    expect(page).toContain('| RR-01 | what RR-01 shows | `replies` | rabbits do not answer |')
    expect(page).toContain('| DL-01 | what DL-01 shows | `topic-delay` | the transport does not have it |')
  })

  it('says what the transport has and what core emulates', () => {
    const page = words(guaranteesPage([proven(result('DS-01'))], []))
    expect(page).toContain('| replies | emulated | shared reply address |')
    expect(page).toContain('| `replies` | `shared` |')
  })

  it('says nothing of what failed', () => {
    const page = guaranteesPage([proven(result('DS-01', { status: 'failed' }), result('DS-02'))], [])
    expect(page).toContain('DS-02')
    expect(page).not.toContain('DS-01')
  })

  it('lists what comes with its feature, neighbours as a range', () => {
    const coming = ['SG-01', 'SG-02', 'SG-03', 'DQ-15', 'SG-07', 'SG-08'].map((id) => ({ id, feature: 'sagas' }))
    expect(words(guaranteesPage([], coming))).toContain('| sagas | SG-01 to SG-03, DQ-15, SG-07, SG-08 |')
  })

  it('asks a bus that uses every feature what its transport provides', async () => {
    const { capabilities, rows } = await providedBy(memoryHarness)
    expect(capabilities.durability).toBe('process')
    expect(rows.map(({ need }) => need)).toEqual(expect.arrayContaining(['own address', 'delayed retry', 'order by key', 'replies', 'durability']))
  })
})
