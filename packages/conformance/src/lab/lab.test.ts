import { handle } from '@waybill/core'
import { describe, expect, it } from 'vitest'
import { memoryHarness } from '../memory/memory-harness.js'
import { foreign } from '../scenarios/foreign.js'
import { CancelOrder, gate, PlaceOrder } from '../scenarios/messages.js'
import { warmUp } from '../runner/warm-up.js'
import { Lab } from './lab.js'

async function labOf(): Promise<Lab> {
  await warmUp()
  return new Lab({ place: await memoryHarness.create({ namespace: 'lab', seed: 1 }), seed: 1, scenario: 'XX-01' })
}

const facts = (lab: Lab, ...kinds: readonly string[]) => lab.history.filter(({ kind }) => kinds.includes(kind))

describe('a lab', () => {
  it('tells three outcomes of a publish', async () => {
    const lab = await labOf()
    await lab.bus({ handlers: [handle(CancelOrder, () => undefined)] })
    const caller = await lab.bus({ publishTimeout: '1s' })
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'm1' })
    await lab.faults.refuseSends({ on: caller, retryable: false })
    await lab.rejection(lab.send(caller, new CancelOrder({ id: 'o2' }), { id: 'm2' }))
    const held = await lab.faults.holdSends({ on: caller })
    await lab.rejection(lab.send(caller, new CancelOrder({ id: 'o3' }), { id: 'm3' }))
    await held.end()
    await lab.end()
    expect(facts(lab, 'publish-ended')).toMatchObject([
      { message: 'm1', outcome: 'confirmed' },
      { message: 'm2', outcome: 'refused' },
      { message: 'm3', outcome: 'unknown' },
    ])
  })

  it('is not quiet while a message is held or lies anywhere, and says where', async () => {
    const lab = await labOf()
    const ends = gate()
    await lab.bus({ concurrency: 1, handlers: [handle(CancelOrder, () => ends.opened)] })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.rejection(lab.quiet({ withinMs: 10_000 }).catch((error: unknown) => Promise.reject(new Error(String(error)))))
    expect(lab.checks.failures).toMatchObject([{ kind: 'bound', actual: expect.stringContaining('orders: 0 ready, 1 unsettled, 0 delayed') as string }])
    ends.open()
    await lab.quiet()
    expect(lab.checks.failures).toHaveLength(1)
    await lab.end()
  })

  it('records depths natively at the end, with the dead letters that it expects', async () => {
    const lab = await labOf()
    lab.expectLog('dead-lettered')
    await lab.bus({ handlers: [handle(CancelOrder, () => undefined)] })
    await lab.publishRaw({ endpoint: 'orders' }, { body: 'no json', envelope: { ...foreign, id: 'bad' } })
    await lab.quiet()
    await lab.end()
    expect(facts(lab, 'depth')).toMatchObject([
      { endpoint: 'orders', ready: 0, unsettled: 0, delayed: 0, final: true },
      { endpoint: 'orders.dead-letter', ready: 1, expected: 1, final: true },
    ])
  })

  it('counts a raw message as published under the id by which it is known, also where nobody can read one', async () => {
    const lab = await labOf()
    lab.expectLog('dead-lettered')
    await lab.bus({ handlers: [handle(CancelOrder, () => undefined)] })
    await lab.publishRaw({ endpoint: 'orders' }, { body: '{"id":"o1"}', envelope: { ...foreign, id: 'readable' } })
    await lab.publishRaw({ endpoint: 'orders' }, { body: '{}', envelope: { type: 'orders.cancel' } })
    await lab.quiet()
    await lab.end()
    const [readable, unreadable] = facts(lab, 'publish-started').map((fact) => (fact.kind === 'publish-started' ? fact.message : ''))
    expect(readable).toBe('readable')
    expect(unreadable).toMatch(/^native /)
    expect(facts(lab, 'dead-lettered')).toMatchObject([{ message: unreadable, reason: 'unmappable' }])
  })

  it('sees no bus but its own', async () => {
    const [lab, other] = [await labOf(), await labOf()]
    const answers = [handle(PlaceOrder, ({ id }: PlaceOrder) => ({ id, total: 1 }))]
    const [own, foreignBus] = [await lab.bus({ handlers: answers }), await other.bus({ handlers: answers })]
    await lab.request(own, new PlaceOrder({ id: 'own' }))
    await other.request(foreignBus, new PlaceOrder({ id: 'foreign' }))
    expect(lab.seen('deliver')).toHaveLength(1)
    expect(other.seen('deliver')).toHaveLength(1)
    await lab.end()
    await other.end()
  })

  it('refuses a bus that is not of this scenario, and a door that the transport lacks', async () => {
    const [lab, other] = [await labOf(), await labOf()]
    const stranger = other.newBus()
    expect(() => lab.instanceOf(stranger)).toThrow('not of this scenario')
    const place = await memoryHarness.create({ namespace: 'doorless', seed: 1 })
    const doorless = new Lab({ place: { ...place, faults: {} }, seed: 1, scenario: 'XX-01' })
    await expect(doorless.faults.cut()).rejects.toThrow("Add 'door:cut' to what the scenario needs")
    for (const each of [lab, other, doorless]) await each.end()
  })

  it('counts what a crash was holding when it happens', async () => {
    const lab = await labOf()
    const victim = await lab.bus({ handlers: [handle(CancelOrder, () => undefined)] })
    const caller = await lab.bus()
    const { reached } = lab.faults.crash('after-handler', { on: victim })
    expect(facts(lab, 'fault-began')).toEqual([])
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    expect(await reached).toBe(true)
    expect(facts(lab, 'fault-began')).toMatchObject([{ what: 'crash', inFlight: 1, evidence: expect.stringContaining('died after-handler') as string }])
    expect(facts(lab, 'ended')).toMatchObject([{ outcome: 'abandoned' }])
    await lab.end()
  })
})
