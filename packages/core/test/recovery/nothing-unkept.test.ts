import { expect, it } from 'vitest'
import { propertyOptions } from '../support/property.js'
import { property } from './property.js'

const runs = 10_000

it('acknowledges no message whose work and whose copy both failed, whatever goes wrong', { timeout: 300_000 }, async () => {
  const options = propertyOptions(runs)
  const report = await property.check(options)
  console.log(report.summary)
  expect(report.failure).toBeUndefined()
  if (options.runs !== runs || options.path !== undefined) return
  expect(report.runs).toBe(runs)
  const often = Object.entries(report.seen).filter(([, times]) => times >= 100)
  expect(often.map(([what]) => what).toSorted()).toEqual([
    'answers again',
    'copy refused',
    'copy refused for good',
    'copy unknown, not taken',
    'copy unknown, taken',
    'crash',
    'cut',
    'dead letter',
    'held message refused',
    'held message refused for good',
    'held message unknown, not taken',
    'held message unknown, taken',
    'no answer',
    'no answer, taken',
    'settlement lost',
    'stop',
  ])
})
