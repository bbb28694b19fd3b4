import { describe, expect, it } from 'vitest'
import { allowedSkips } from '../command/allowed-skips.js'
import { memoryHarness } from '../memory/memory-harness.js'
import { groupTitles } from '../report/group-titles.js'
import { comesWithItsFeature } from './comes-with-its-feature.js'
import { scenarios } from './index.js'

const range = (first: number, last: number): readonly number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index)
/** What each transport has to show, by the catalogue: written down a second time, so that nothing is forgotten. */
const catalogue: Readonly<Record<string, readonly number[]>> = {
  DS: [1, 2, 3, 4, 6, 7, 10, 13, 14, 15, 16, 17, 19, 20],
  CC: [1],
  PS: [1, 2, 3, 5, 6, 7, 8, 9, 12, 13],
  RR: [1, 2, 3, 4, 5, 6, 9, 11, 13],
  RD: [1, 4, 5, 6, 7, 8, 12, 13, 14, 16],
  DL: [1, 2, 3, 4, 5, 10, 12, 14, 15],
  DQ: [1, 5, 7, 8, 9, 11, 12, 13, 15],
  PM: range(1, 16),
  OR: [1, 2, 3, 4, 5, 6, 8, 10, 14],
  PL: [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14],
  CP: [1, 2, 3, 6, 9, 10],
  GS: [...range(1, 9), 11, 14, 15],
  FT: [7, 12, 15],
  DU: [2, 3, 5, 6, 7, 10],
  TP: [1, 2, 3, 5, 7, 9, 11, 12, 13, 15],
  CN: [1, ...range(3, 10)],
  SE: range(1, 20),
  WA: range(1, 20),
  WB: range(1, 25),
}

describe('the scenarios', () => {
  it('are all of the catalogue, but for those that come with their feature', () => {
    const known = new Set([...scenarios, ...comesWithItsFeature].map(({ id }) => id))
    const wanted = Object.entries(catalogue).flatMap(([group, numbers]) => numbers.map((number) => `${group}-${String(number).padStart(2, '0')}`))
    expect(wanted.filter((id) => !known.has(id))).toEqual([])
  })

  it('have an id of their own, in their group', () => {
    const ids = scenarios.map(({ id }) => id)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    expect(scenarios.filter(({ id, group }) => !new RegExp(`^${group}-\\d\\d$`).test(id))).toEqual([])
    expect(scenarios.filter(({ group }) => groupTitles[group] === undefined)).toEqual([])
  })

  it('say in a sentence of their own what they show', () => {
    const titles = scenarios.map(({ title }) => title)
    expect(titles.filter((title, index) => titles.indexOf(title) !== index || title.length < 20)).toEqual([])
  })

  it('give a reason for each invariant that they break on purpose', () => {
    const reasons = scenarios.flatMap(({ id, exempt = {} }) => Object.entries(exempt).map(([invariant, reason]) => ({ id, invariant, reason })))
    expect(reasons.filter(({ invariant, reason }) => !/^I([1-9]|1[0-6])$/.test(invariant) || reason.length < 10)).toEqual([])
  })

  it('are not among those that come with their feature', () => {
    expect(comesWithItsFeature.filter(({ id }) => scenarios.some((scenario) => scenario.id === id))).toEqual([])
  })

  it('are what the allowed skips name', async () => {
    const skips = await allowedSkips()
    expect(skips.filter(({ scenario, transport }) => transport !== memoryHarness.name || !scenarios.some(({ id }) => id === scenario))).toEqual([])
  })
})
