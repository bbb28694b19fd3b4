import { expect, it } from 'vitest'
import { firstDifference } from './first-difference.js'

class Money {
  constructor(readonly cents: number) {}
}

it.each([
  [1, 1],
  [Number.NaN, Number.NaN],
  [{ a: undefined }, {}],
  [{ a: [1, { b: new Date(5) }] }, { a: [1, { b: new Date(5) }] }],
  [{ at: new URL('http://a/') }, { at: new URL('http://a/') }],
  [
    { m: new Map([['a', { b: 1 }]]), s: new Set([1]) },
    { m: new Map([['a', { b: 1 }]]), s: new Set([1]) },
  ],
  [{ bytes: new Uint8Array([1, 2]) }, { bytes: new Uint8Array([1, 2]) }],
  [{ price: new Money(5) }, { price: new Money(5) }],
  [new Money(5), { cents: 5 }],
])('finds no difference between %o and %o', (a, b) => {
  expect(firstDifference(a, b)).toBeUndefined()
})

it.each([
  [1, '1', ''],
  [{ a: 1 }, { a: 1, b: 2 }, 'b'],
  [{ a: [1, { b: new Date(5) }] }, { a: [1, { b: new Date(6) }] }, 'a[1].b'],
  [{ a: [1] }, { a: [1, 2] }, 'a'],
  [{ a: null }, { a: {} }, 'a'],
  [{ at: new URL('http://a/') }, { at: new URL('http://b/') }, 'at'],
  [{ m: new Map([['a', 1]]) }, { m: new Map([['a', 2]]) }, 'm[0][1]'],
  [{ s: new Set([1]) }, { s: new Set([1, 2]) }, 's'],
  [{ bytes: new Uint8Array([1, 2]) }, { bytes: new Uint8Array([1, 3]) }, 'bytes["1"]'],
  [{ price: new Money(5) }, { price: { cents: 5 } }, 'price'],
  [{ a: 1n }, { a: 2n }, 'a'],
])('finds where %o and %o differ', (a, b, path) => {
  expect(firstDifference(a, b)).toBe(path)
})
