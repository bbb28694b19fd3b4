import { describe, expect, it } from 'vitest'
import { handle, on } from '../../src/index.js'
import { memoryInbox } from '../../src/memory/index.js'
import { crashAt } from '../../src/runtime/index.js'
import { Find, Note, Placed, world, type World } from '../support/service.js'

const day = 86_400_000

/** A message that was written ten days ago. */
function old(w: World, system: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: 'old-1',
    ce_type: 'shop.note',
    ce_source: '//elsewhere',
    ce_time: new Date(w.clock.now() - 10 * day).toISOString(),
    ce_kind: 'command',
    'content-type': 'application/json',
    ...system,
  }
}
const body = '{"id":"a"}'

describe('a message that is older than the inbox remembers', () => {
  it('runs, and once, when it comes for the first time', async () => {
    const w = world()
    const runs: string[] = []
    await w.bus({ stores: { inbox: memoryInbox() }, handlers: [handle(Note, ({ id }) => void runs.push(id))] })
    for (let index = 0; index < 2; index += 1) w.broker.publish({ endpoint: 'shop' }, { body, headers: old(w) })
    await w.clock.settle()
    expect(runs).toEqual(['a'])
  })

  it('runs when it was delayed for longer than that', async () => {
    const w = world()
    const runs: string[] = []
    const bus = await w.bus({ stores: { inbox: memoryInbox() }, handlers: [handle(Note, ({ id }) => void runs.push(id))] })
    await bus.send(new Note({ id: 'later' }), { delay: '10d' })
    await w.clock.advance(10 * day + 60_000)
    expect(runs).toEqual(['later'])
    expect(w.deadLetters()).toEqual([])
  })

  it('runs when it was delayed for longer than that and is delivered again, and so does what it causes', async () => {
    const w = world()
    const runs: string[] = []
    const service = {
      stores: { inbox: memoryInbox() },
      handlers: [
        handle(Note, async ({ id }, context) => {
          runs.push(id)
          await context.publish(new Placed({ id }))
        }),
        on(Placed, { id: 'p' }, ({ id }) => void runs.push(`placed ${id}`)),
      ],
    }
    const bus = await w.bus(service)
    await bus.send(new Note({ id: 'later' }), { delay: '10d' })
    const [first, second] = [crashAt('after-receive'), crashAt('after-receive', { skip: 1 })]
    await w.clock.advance(10 * day)
    await first.reached
    await w.bus(service)
    await w.clock.advance(60_000)
    await second.reached
    await w.bus(service)
    await w.clock.advance(60_000)
    expect(new Set(runs)).toEqual(new Set(['later', 'placed later']))
    expect(w.deadLetters()).toEqual([])
  })

  it('is a dead letter when it is delivered again', async () => {
    const w = world()
    const runs: string[] = []
    const service = { stores: { inbox: memoryInbox() }, handlers: [handle(Note, ({ id }) => void runs.push(id))] }
    await w.bus(service)
    const crash = crashAt('after-receive')
    w.broker.publish({ endpoint: 'shop' }, { body, headers: old(w) })
    await w.clock.settle()
    await crash.reached
    await w.bus(service)
    await w.clock.settle()
    expect(runs).toEqual([])
    expect(w.deadLetters()).toEqual([{ id: 'old-1', reason: 'too-old', handler: 'shop.note', body }])
    expect(w.broker.deadLetters('shop')[0]?.headers['waybill-dead-letter-error-code']).toBe('WAYBILL_TOO_OLD')
  })

  it('is a dead letter when it comes out of one, and runs when it only says so through a topic', async () => {
    const w = world()
    const runs: string[] = []
    await w.bus({
      stores: { inbox: memoryInbox() },
      handlers: [handle(Note, () => void runs.push('note')), on(Placed, { id: 'p' }, () => void runs.push('placed'))],
    })
    const redriven = old(w, { 'waybill-redrive-count': '1' })
    w.broker.publish({ endpoint: 'shop' }, { body, headers: redriven })
    w.broker.publish({ topic: 'shop.placed' }, { body, headers: { ...redriven, ce_type: 'shop.placed', ce_kind: 'event' } })
    await w.clock.settle()
    expect(runs).toEqual(['placed'])
    expect(w.deadLetters().map(({ reason }) => reason)).toEqual(['too-old'])
  })

  it('is answered with a fault where somebody asks', async () => {
    const w = world()
    await w.bus({ stores: { inbox: memoryInbox({ retention: '1d' }) }, handlers: [handle(Find, ({ id }) => ({ id }))] })
    const asker = await w.bus({ name: 'asker' })
    const sent = w.seen('send')
    const answer = asker.request(new Find({ id: 'f' }), { id: 'find-1' })
    await answer
    const request = sent.find(({ outgoing }) => outgoing.envelope.id === 'find-1')?.outgoing
    w.broker.publish(
      { endpoint: 'shop' },
      {
        body: '{"id":"f"}',
        headers: { ...old(w, { 'waybill-redrive-count': '1' }), ce_type: 'shop.find', ce_kind: 'query', ce_replyto: request?.envelope.replyTo ?? '' },
      },
    )
    await w.clock.settle()
    const fault = sent.findLast(({ purpose }) => purpose === 'reply')
    expect(fault?.outgoing.envelope.system['fault']).toBe('WAYBILL_TOO_OLD')
  })
})
