import { describe, expect, it } from 'vitest'
import { handle, on, UnrecoverableError, type Bus } from '../../src/index.js'
import { filter, standardPipeline, type FilterOptions } from '../../src/middleware.js'
import { Find, Note, Place, Placed, world, type World } from '../support/service.js'

const filtered = (w: World, where: FilterOptions['where'], handlers: Parameters<World['bus']>[0]['handlers'] = []): Promise<Bus> =>
  w.bus({ pipeline: standardPipeline({ filter: { where } }), retry: { immediate: 1, delayed: ['10s'] }, handlers })

describe('filter', () => {
  it('lets the handler run for what passes, by message and by context, and accepts and counts the rest', async () => {
    const w = world()
    const runs: string[] = []
    const counts = w.seen('count')
    const bus = await filtered(w, (message, { headers }) => message instanceof Note && message.id !== '2' && headers['tenant'] !== 'other', [
      handle(Note, ({ id }) => void runs.push(id)),
    ])
    await bus.send(new Note({ id: '1' }))
    await bus.send(new Note({ id: '2' }))
    await bus.send(new Note({ id: '3' }), { headers: { tenant: 'other' } })
    await w.clock.settle()
    expect(runs).toEqual(['1'])
    expect(counts.map(({ what, detail }) => [what, detail])).toEqual([
      ['filtered', 'shop.note before shop.note'],
      ['filtered', 'shop.note before shop.note'],
    ])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, delayed: 0, unsettled: 0 })
    expect(w.deadLetters()).toEqual([])
  })

  it('waits for a predicate that asks somebody', async () => {
    const w = world()
    const runs: string[] = []
    const bus = await filtered(w, async (message) => Promise.resolve((message as Note).id === '1'), [handle(Note, ({ id }) => void runs.push(id))])
    await bus.send(new Note({ id: '1' }))
    await bus.send(new Note({ id: '2' }))
    await w.clock.settle()
    expect(runs).toEqual(['1'])
  })

  it('answers a request that does not pass with a fault', async () => {
    const w = world()
    const counts = w.seen('count')
    const bus = await filtered(w, () => false, [handle(Find, ({ id }) => ({ id })), handle(Place, () => ({ total: 1 }))])
    const [asked, ordered] = [bus.request(new Find({ id: '1' })), bus.request(new Place({ id: '2' }))]
    const answers = Promise.allSettled([asked, ordered])
    await w.clock.settle()
    const fault = { remoteCode: 'WAYBILL_MIDDLEWARE', remoteMessage: expect.stringContaining('The middleware "filter" did not let this request of') as unknown }
    expect(await answers).toMatchObject([{ reason: fault }, { reason: fault }])
    expect(counts.map(({ what }) => what)).toEqual(['filtered', 'filtered'])
    expect(w.deadLetters()).toEqual([])
  })

  it('that throws has failed as the handler would: it is tried again, and nothing is accepted', async () => {
    const w = world()
    const runs: number[] = []
    let failures = 3
    const bus = await filtered(w, () => {
      failures -= 1
      if (failures >= 0) throw new Error('the list of tenants is away')
      return true
    }, [handle(Note, (_, { attempt }) => void runs.push(attempt))])
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(runs).toEqual([])
    await w.clock.advance(10_000)
    expect(runs).toEqual([4])
  })

  it('that always throws, or rejects, ends in a dead letter of that handler alone', async () => {
    const w = world()
    const runs: string[] = []
    const bus = await w.bus({
      handlers: [
        on(Placed, { id: 'a', use: [filter({ where: () => Promise.reject(new UnrecoverableError('never')) })] }, () => void runs.push('a')),
        on(Placed, { id: 'b' }, () => void runs.push('b')),
      ],
    })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.advance(3_600_000)
    expect(runs).toEqual(['b'])
    expect(w.deadLetters()).toMatchObject([{ handler: 'a', reason: 'unrecoverable' }])
  })

  it.each([undefined, 0, 'yes', null, {}])('whose predicate gives back %j keeps the message', async (answer) => {
    const w = world()
    const runs: string[] = []
    const handled = w.seen('handled')
    const bus = await filtered(w, () => answer as unknown as boolean, [handle(Note, { retry: { immediate: 0, delayed: [] } }, () => void runs.push('run'))])
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(runs).toEqual([])
    expect(w.deadLetters()).toMatchObject([{ handler: 'shop.note' }])
    expect(handled[0]?.error).toMatchObject({ code: 'WAYBILL_MIDDLEWARE', message: expect.stringContaining('from its predicate for shop.note') as unknown })
  })
})
