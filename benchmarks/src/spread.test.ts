import { describe, expect, it } from 'vitest'
import { spreadOf } from './spread.js'

describe('spreadOf', () => {
  it('takes the middle of an odd number of rounds', () => {
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 })
  })

  it('takes the mean of the two in the middle of an even number', () => {
    expect(spreadOf([10, 2, 4, 1])).toEqual({ median: 3, min: 1, max: 10 })
  })

  it('sorts numbers, not texts', () => {
    expect(spreadOf([100, 9, 20]).median).toBe(20)
  })

  it('refuses no rounds', () => {
    expect(() => spreadOf([])).toThrow('at least one round')
  })
})
