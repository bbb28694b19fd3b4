import { expect, it } from 'vitest'
import { nearest } from './nearest.js'

const names = ['name', 'routes', 'handlers', 'endpoints', 'concurrency', 'stopTimeout', 'publishTimeout']

it.each([
  ['nmae', 'name'],
  ['Name', 'name'],
  ['rutes', 'routes'],
  ['handler', 'handlers'],
  ['consurrency', 'concurrency'],
  ['stoptimeout', 'stopTimeout'],
  ['publishTimout', 'publishTimeout'],
])('takes %s for %s', (written, meant) => {
  expect(nearest(written, names)).toBe(meant)
})

it.each(['x', 'nothing', 'queue', '', 'timeout'])('takes %j for none', (written) => {
  expect(nearest(written, names)).toBeUndefined()
})

it('takes the first of two that are equally near', () => {
  expect(nearest('cat', ['bat', 'hat'])).toBe('bat')
})
