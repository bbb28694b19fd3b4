import { describe, expect, it } from 'vitest'
import { allowedSkips } from '../command/allowed-skips.js'
import { memoryHarness } from '../memory/memory-harness.js'
import { groupTitles } from '../report/group-titles.js'
import { comesWithItsFeature } from './comes-with-its-feature.js'
import { scenarios } from './index.js'

describe('the scenarios', () => {
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
