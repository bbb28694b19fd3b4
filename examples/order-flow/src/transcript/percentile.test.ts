import { expect, it } from 'vitest'
import { percentile } from './percentile.js'

it.each([
  [[], 0.5, undefined],
  [[7], 0.99, 7],
  [[3, 1, 2, 4], 0.5, 2],
  [[3, 1, 2, 4], 0.95, 4],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.95, 95],
])('of %j at %d is %s', (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected)
})
