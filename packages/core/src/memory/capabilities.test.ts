import { describe, expect, test } from 'vitest'
import { checkCapabilities, fullCapabilities, narrow } from './capabilities.js'

describe('narrow', () => {
  test('leaves everything as it is when nothing is named', () => {
    expect(narrow({})).toEqual(fullCapabilities)
  })

  test('takes one word for both kinds, or one for each', () => {
    expect(narrow({ delay: 'none' }).delay).toEqual({ endpoint: 'none', topic: 'none' })
    const short = { maxMs: 900_000, resolutionMs: 1 }
    expect(narrow({ delay: { endpoint: short, topic: 'none' } }).delay).toEqual({ endpoint: short, topic: 'none' })
    expect(narrow({ delay: short }).delay).toEqual({ endpoint: short, topic: short })
    expect(narrow({ ordering: 'none' }).ordering).toEqual({ unit: 'none', scaleOut: 'none' })
    expect(narrow({ ordering: { unit: 'none', scaleOut: 'none' } }).ordering).toEqual({ unit: 'none', scaleOut: 'none' })
  })

  test('keeps the limits that are not named', () => {
    const { limits } = narrow({ limits: { messageBytes: 65_536 } })
    expect([limits.endpoint, limits.topic]).toEqual([
      { ...fullCapabilities.limits.endpoint, messageBytes: 65_536 },
      { ...fullCapabilities.limits.topic, messageBytes: 65_536 },
    ])
    const each = narrow({ limits: { topic: { batchCount: 10 } } }).limits
    expect([each.endpoint.batchCount, each.topic.batchCount]).toEqual([1_000, 10])
  })
})

test('reports every mistake at once, with its path', () => {
  const problems = checkCapabilities('memory.capabilities', {
    ...{ privateAddress: 'no', delay: 5, ordering: 'keyed', limits: { endpoint: { batchCount: 0 }, topik: {} }, deliveryCount: 'some', unroutables: 'silent' },
  })
  expect(problems.map(({ what }) => what)).toEqual([
    'memory.capabilities.unroutables is no option',
    'memory.capabilities.privateAddress must be true or false, got "no"',
    'memory.capabilities.delay must be "none", { maxMs, resolutionMs }, or one of these per { endpoint, topic }, got 5',
    'memory.capabilities.ordering must be "none" or { unit: "key", scaleOut: "rebalances" }, got "keyed"',
    'memory.capabilities.deliveryCount must be "none" or "crashes" or "all", got "some"',
    'memory.capabilities.limits.topik is no option',
    'memory.capabilities.limits.endpoint.batchCount must be an integer from 1 to 9007199254740991, got 0',
  ])
})
