import { describe, expect, it } from 'vitest'
import { defaultTransport, parseCliOptions, UsageError } from './cli-options.js'

describe('parseCliOptions', () => {
  it('has a default for everything', () => {
    expect(parseCliOptions([])).toEqual({ orders: undefined, seed: 1, json: undefined, transport: defaultTransport, report: false, help: false })
  })

  it('reads a value after the name and after an equals sign', () => {
    expect(parseCliOptions(['--', '--orders', 'a b.jsonl', '--seed=7', '--json', 'out.json', '--transport', 'amqp://localhost', '--report'])).toEqual({
      orders: 'a b.jsonl',
      seed: 7,
      json: 'out.json',
      transport: 'amqp://localhost',
      report: true,
      help: false,
    })
  })

  it('keeps an equals sign in a value', () => {
    expect(parseCliOptions(['--transport=postgres://localhost/shop?a=b']).transport).toBe('postgres://localhost/shop?a=b')
  })

  it.each([
    [['--order', 'x'], '--order is no option. Did you mean --orders?'],
    [['--transprot=x'], '--transprot is no option. Did you mean --transport?'],
    [['--colour'], '--colour is no option. Known: --orders, --seed, --json, --transport, --report, --help'],
    [['mine.jsonl'], '"mine.jsonl" is no option. Write --orders mine.jsonl to read the orders from there'],
    [['--orders'], '--orders needs a value. Write --orders FILE'],
    [['--json', '--report'], '--json needs a value. Write --json FILE'],
    [['--transport='], '--transport needs a value. Write --transport amqp://localhost'],
    [['--seed', 'x1'], '--seed must be a whole number below 1000000000, got "x1". Write --seed 7'],
    [['--report=yes'], '--report takes no value, got "yes". Write --report alone'],
    [['--seed', '1', '--seed', '2'], '--seed is given twice. Give it once'],
  ])('refuses %j and says what to write', (args, message) => {
    expect(() => parseCliOptions(args)).toThrow(new UsageError(message))
  })
})
