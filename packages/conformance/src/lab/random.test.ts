import { describe, expect, it } from 'vitest'
import { Random } from './random.js'

describe('random', () => {
  it('repeats with its seed and scope, and with no other', () => {
    const drawn = (seed: number, scope: string): number[] => {
      const random = new Random(seed, scope)
      return Array.from({ length: 5 }, () => random.next())
    }
    expect(drawn(1, 'DS-01')).toEqual(drawn(1, 'DS-01'))
    expect(drawn(2, 'DS-01')).not.toEqual(drawn(1, 'DS-01'))
    expect(drawn(1, 'DS-02')).not.toEqual(drawn(1, 'DS-01'))
  })

  it('draws every whole number of a range, and shuffles without losing any', () => {
    const random = new Random(1)
    expect(new Set(Array.from({ length: 200 }, () => random.int(2, 5)))).toEqual(new Set([2, 3, 4, 5]))
    const numbers = Array.from({ length: 50 }, (_, index) => index)
    expect(random.shuffled(numbers)).not.toEqual(numbers)
    expect(random.shuffled(numbers).toSorted((a, b) => a - b)).toEqual(numbers)
  })

  it('picks nothing from nothing', () => {
    expect(() => new Random(1).pick([])).toThrow('nothing to pick from')
  })
})
