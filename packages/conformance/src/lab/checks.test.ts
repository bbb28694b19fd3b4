import { describe, expect, it } from 'vitest'
import { Checks, type Check } from './checks.js'

type Attempt = readonly [name: string, holds: (check: Check) => boolean, fails: (check: Check) => boolean]

const attempts: readonly Attempt[] = [
  ['equal', (check) => check.equal({ a: [1] }, { a: [1] }), (check) => check.equal({ a: [1] }, { a: ['1'] })],
  ['sameMembers', (check) => check.sameMembers(['b', 'a', 'a'], ['a', 'b', 'a']), (check) => check.sameMembers(['a', 'b'], ['a', 'b', 'a'])],
  ['isTrue', (check) => check.isTrue(true), (check) => check.isTrue(false)],
  ['empty', (check) => check.empty([]), (check) => check.empty([undefined])],
  ['atMost', (check) => check.atMost(2, 2), (check) => check.atMost(3, 2)],
  ['atLeast', (check) => check.atLeast(2, 2), (check) => check.atLeast(1, 2)],
  ['between', (check) => check.between(2, 2, 3), (check) => check.between(4, 2, 3)],
  ['matches', (check) => check.matches('abc', /b/) && check.matches('abc', 'b'), (check) => check.matches('abc', 'x')],
  ['error', (check) => check.error(Object.assign(new Error('x'), { code: 'A' }), { code: 'A' }), (check) => check.error(undefined, { code: 'A' })],
]

describe('a check', () => {
  it.each(attempts)('%s counts, and is on record only when it does not hold', (name, holds, fails) => {
    const checks = new Checks()
    expect(holds(checks.named(name))).toBe(true)
    expect(checks.failures).toEqual([])
    expect(fails(checks.named(name))).toBe(false)
    expect(checks.failures).toMatchObject([{ check: name, kind: 'check' }])
    expect(checks.count).toBeGreaterThanOrEqual(2)
  })

  it('does not take one NaN, or a missing number, for within bounds', () => {
    const checks = new Checks()
    expect(checks.named('nothing').atMost(Number.NaN, 1) || checks.named('nothing').atLeast(Number.NaN, 1)).toBe(false)
  })

  it('says of members which are missing and which are too many', () => {
    const checks = new Checks()
    checks.named('members').sameMembers(['a', 'c', 'c'], ['a', 'b', 'c'])
    expect(checks.failures[0]?.actual).toMatch(/^missing \[ 'b' \], too many \[ 'c' \]/)
  })
})
