import { describe, expect, it } from 'vitest'
import { checkOptions, integer, optional, text } from './check-options.js'

const checks = { url: optional(text), password: optional(text), prefetch: optional(integer(1, 10)) }

describe('the check of options', () => {
  it('names every problem with its path, what is expected and what is there', () => {
    expect(checkOptions('orders', { prefetch: 0, prefech: 3 }, checks)).toEqual([
      { what: 'orders.prefech is no option', fix: 'Did you mean orders.prefetch?' },
      { what: 'orders.prefetch must be an integer from 1 to 10, got 0', fix: 'Set orders.prefetch to an integer from 1 to 10.' },
    ])
  })

  it('takes names of the prototype of objects for no options', () => {
    const options = JSON.parse('{ "__proto__": 1, "constructor": 2, "toString": 3 }') as object
    expect(checkOptions('orders', options, checks).map(({ what }) => what)).toEqual([
      'orders.__proto__ is no option',
      'orders.constructor is no option',
      'orders.toString is no option',
    ])
  })

  it.each([undefined, null, 5, 'x', []])('refuses %j in place of the options', (options) => {
    expect(checkOptions('orders', options, checks)).toHaveLength(1)
  })

  it('tells no secret: neither the password in a URL, nor what is called one', () => {
    const never = (): string => 'something else'
    const problems = checkOptions('orders', { url: 'amqp://app:hunter2@host', password: 12_345 }, { url: never, password: text })
    expect(problems.map(({ what }) => what)).toEqual([
      'orders.url must be something else, got "amqp://app:***@host"',
      'orders.password must be a text that is not empty, got a number that is not shown',
    ])
  })
})
