import { expect, it } from 'vitest'
import { parseDuration } from './duration.js'

it.each([
  ['250ms', 250],
  ['5s', 5_000],
  ['01s', 1_000],
  ['1.5m', 90_000],
  ['0s', 0],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
])('reads %s as %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

it.each([
  ['1e3s'],
  ['.5s'],
  ['5.s'],
  ['-5s'],
  ['+5s'],
  ['5'],
  ['s'],
  [''],
  [' 5s'],
  ['5s '],
  ['5s\n'],
  ['5 s'],
  ['5S'],
  ['٥s'],
  ['9999999999d'],
  [`${'9'.repeat(400)}s`],
  [5],
  [null],
  [['5s']],
])('takes %j for no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})
