import type { Capabilities } from '@waybill/core/contract'
import { describe, expect, it } from 'vitest'
import type { Harness, Place } from '../src/harness/harness.js'
import { memoryHarness } from '../src/memory/memory-harness.js'
import { conformance } from '../src/runner/conformance.js'

const without = (name: string, alter: (place: Place) => Place): Harness => ({ name, create: async (options) => alter(await memoryHarness.create(options)) })

/** The transport in memory, which has less than it could. */
const lacking = (what: string, hidden: Partial<Capabilities>): Harness =>
  without(`memory without ${what}`, (place) => ({
    ...place,
    transport: ({ capabilities } = {}) => place.transport({ capabilities: { ...hidden, ...capabilities } }),
  }))

const lesser: readonly Harness[] = [
  lacking('delay', { delay: { endpoint: 'none', topic: 'none' } }),
  lacking('order', { ordering: { unit: 'none', scaleOut: 'none' } }),
  lacking('replies', { replies: 'none' }),
  lacking('private addresses', { privateAddress: false }),
  lacking('delivery counts', { deliveryCount: 'none' }),
  lacking('a refusal of what finds nobody', { unroutable: 'silent' }),
  without('memory without fault doors', (place) => ({ ...place, faults: {} })),
]

describe('what a scenario says that it needs', () => {
  it.each(lesser)('is all that it needs: on $name nothing fails', async (harness) => {
    const { scenarios } = await conformance(harness)
    expect(scenarios.filter(({ status }) => status === 'failed').map(({ id, failures }) => ({ id, failures }))).toEqual([])
    expect(scenarios.filter(({ status }) => status === 'skipped').length).toBeGreaterThan(0)
  })
})
