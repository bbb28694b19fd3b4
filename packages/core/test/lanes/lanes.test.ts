import { expect, it } from 'vitest'
import { propertyOptions } from '../support/property.js'
import { property as ofEndpoints } from './endpoint-property.js'
import { property as ofLanes } from './lanes-property.js'

const runs = 2_000

it.each([ofLanes, ofEndpoints])('$name: no overlap and no disorder in a key, every place used, nothing left', { timeout: 120_000 }, async (property) => {
  const options = propertyOptions(runs)
  const report = await property.check(options)
  console.log(report.summary)
  expect(report.failure).toBeUndefined()
  const rare = options.runs === runs && options.path === undefined ? Object.entries(report.seen).filter(([, times]) => times < 50) : []
  expect({ runs: report.runs, rare }).toEqual({ runs: options.path === undefined ? options.runs : 1, rare: [] })
})
