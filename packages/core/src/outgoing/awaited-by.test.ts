import { describe, expect, it } from 'vitest'
import { awaitedName, awaitedNames, carryOn } from './awaited-by.js'

const many = (count: number): string => Array.from({ length: count }, (_, index) => `shop/${index}`).join(' ')

describe('the names of awaited commands', () => {
  it('that came are carried on as they are', () => {
    expect(carryOn(undefined, undefined)).toBeUndefined()
    expect(carryOn('', undefined)).toBeUndefined()
    expect(carryOn('shop/1 orders/2', undefined)).toBe('shop/1 orders/2')
    expect(carryOn('shop/1 orders/2', 'shop/1')).toBe('orders/2 shop/1')
  })

  it.each([
    ['thousands', many(100_000), 'shop/99992 shop/99993 shop/99994 shop/99995 shop/99996 shop/99997 shop/99998 shop/99999'],
    ['nine', many(9), 'shop/1 shop/2 shop/3 shop/4 shop/5 shop/6 shop/7 shop/8'],
    ['long ones', `shop/${'x'.repeat(900)} shop/${'y'.repeat(900)}`, `shop/${'y'.repeat(900)}`],
    ['one that no bus can have made', 'x'.repeat(1_000_000), undefined],
    ['such a one before another', `${'x'.repeat(1_000_000)} shop/1`, 'shop/1'],
    ['what no wire can carry', 'shop/1 shop/\r\nevil shop/\ud800 shop/2', 'shop/1 shop/2'],
    ['spaces', `${' '.repeat(10_000)}shop/1${' '.repeat(100)}`, 'shop/1'],
  ])('are at most eight and 1,024 characters, the newest, whoever wrote them: %s', (_, header, expected) => {
    expect(carryOn(header, undefined)).toBe(expected)
    expect(awaitedNames(header).join(' ')).toBe(expected ?? '')
  })

  it('have a place for the own one however long its id is, also at the next service', () => {
    const own = awaitedName('shop', '字'.repeat(255))
    expect(carryOn(many(8), own)).toBe(own)
    expect(carryOn(own, undefined)).toBe(own)
  })
})
