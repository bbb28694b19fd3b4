import type { Envelope, Outgoing } from '@waybill/core/contract'
import { describe, expect, it } from 'vitest'
import type { Fact } from '../history/history.js'
import { HandlerSends } from './handler-sends.js'

const headers = Object.create(null) as Record<string, string>
const envelope: Envelope = {
  ...{ id: 'm1', type: 'orders.ship', version: 1, source: 'orders', time: '2026-01-01T00:00:00.000Z', contentType: 'application/json', kind: 'command' },
  ...{ headers, system: headers, body: null },
}
const outgoing: Outgoing = { destination: { kind: 'endpoint', name: 'orders', ordered: false }, envelope, copyId: 'c1' }

function recorded(...outcomes: readonly ('confirmed' | 'refused' | 'unknown')[]): readonly string[] {
  const facts: Fact[] = []
  let places = 0
  const sends = new HandlerSends({ note: (fact) => void facts.push(fact), sequence: () => (places += 1) })
  for (const outcome of outcomes) sends.sent('i1', outgoing, outcome)
  sends.end()
  return facts.map((fact) => (fact.kind === 'publish-started' ? `started ${fact.sequence}` : fact.kind === 'publish-ended' ? fact.outcome : fact.kind))
}

describe('what a handler sends', () => {
  it('is published once, however often core tries', () => {
    expect(recorded('refused', 'unknown', 'refused', 'confirmed')).toEqual(['started 1', 'confirmed'])
  })

  it('is published again, in its place, by a handler that runs again', () => {
    expect(recorded('confirmed', 'refused', 'confirmed')).toEqual(['started 1', 'confirmed', 'started 1', 'confirmed'])
  })

  it('has the outcome of its attempts when it was never confirmed: one that is unknown stays unknown', () => {
    expect(recorded('refused')).toEqual(['started 1', 'refused'])
    expect(recorded('unknown', 'refused')).toEqual(['started 1', 'unknown'])
  })
})
