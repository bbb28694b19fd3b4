import { describe, expect, it } from 'vitest'
import { awaitedName, awaitedNames, carryOn } from './awaited-by.js'

describe('the names of awaited commands', () => {
  it('are carried on as they came, and end with the newest', () => {
    expect(carryOn(undefined, undefined)).toBeUndefined()
    expect(carryOn('', undefined)).toBeUndefined()
    expect(carryOn('a/1 b/2', undefined)).toBe('a/1 b/2')
    expect(carryOn('', 'c/3')).toBe('c/3')
    expect(carryOn('a/1 b/2', 'c/3')).toBe('a/1 b/2 c/3')
    // A re-run awaits the same command again.
    expect(carryOn('a/1 b/2', 'a/1')).toBe('b/2 a/1')
  })

  it('lose the oldest beyond eight names or 1,024 characters, and never the newest', () => {
    const long = (of: string): string => `shop/${of.repeat(300)}`
    expect(awaitedNames(carryOn('1 2 3 4 5 6 7 8', '9'))).toEqual(['2', '3', '4', '5', '6', '7', '8', '9'])
    expect(awaitedNames(carryOn(`${long('a')} ${long('b')} ${long('c')}`, long('d')))).toEqual([long('b'), long('c'), long('d')])
    expect(carryOn('a/1', long('x').repeat(9))).toBe(long('x').repeat(9))
  })

  it('hold any id', () => {
    expect(awaitedName('shop', 'größe 1 🍵')).toBe('shop/gr%C3%B6%C3%9Fe%201%20%F0%9F%8D%B5')
    expect(awaitedName('shop', '\ud800')).toBe('shop/%EF%BF%BD')
  })
})
