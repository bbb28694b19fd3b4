import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Fifo } from './fifo.js'

it('does what an array does, whatever its length', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('push' as const), count: fc.integer({ min: 1, max: 900 }) }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('shift' as const), count: fc.integer({ min: 1, max: 900 }) }) },
    fc.record({ do: fc.constantFrom('unshift' as const, 'insert' as const, 'keep' as const), count: fc.integer({ min: 1, max: 3_000 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const fifo = new Fifo<number>()
      let model: number[] = []
      const taken: (number | undefined)[] = []
      const expected: (number | undefined)[] = []
      let next = 0
      for (const { do: what, count } of steps) {
        next += 1
        if (what === 'push') {
          for (let item = 0; item < count; item += 1) {
            fifo.push(next + item)
            model.push(next + item)
          }
        } else if (what === 'shift') {
          for (let item = 0; item < count; item += 1) taken.push(fifo.shift())
          for (let item = 0; item < count; item += 1) expected.push(model[item])
          model = model.slice(count)
        } else if (what === 'unshift') {
          fifo.unshift(next)
          model.unshift(next)
        } else if (what === 'insert') {
          const isAfter = (other: number): boolean => other > count
          fifo.insert(next, isAfter)
          const at = model.findIndex(isAfter)
          model.splice(at === -1 ? model.length : at, 0, next)
        } else {
          fifo.keep((item) => item % 2 === count % 2)
          model = model.filter((item) => item % 2 === count % 2)
        }
        expect([fifo.length, fifo.peek()]).toEqual([model.length, model[0]])
      }
      expect(taken).toEqual(expected)
      expect(Array.from({ length: fifo.length }, () => fifo.shift())).toEqual(model)
    }),
    { numRuns: 300 },
  )
})
