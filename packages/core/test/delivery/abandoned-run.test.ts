import { describe, expect, it } from 'vitest'
import { handle, on } from '../../src/index.js'
import { gate, Note, Placed, world } from '../support/service.js'

describe('a run that has lost its lock and goes on', () => {
  it('sends nothing any more: what it sends is discarded with what it held, and the redelivery sends it', async () => {
    const w = world()
    const seen: string[] = []
    const counts = w.seen('count')
    const runs: { readonly goesOn: ReturnType<typeof gate>; readonly ended: Promise<void> }[] = []
    const bus = await w.bus({
      handlers: [
        handle(Note, async (_, context) => {
          const [goesOn, ended] = [gate(), gate()]
          const run = runs.push({ goesOn, ended: ended.opened })
          await context.publish(new Placed({ id: `${run} before` }))
          await goesOn.opened
          await context.publish(new Placed({ id: `${run} after` }))
          ended.open()
        }),
        on(Placed, { id: 'p' }, ({ id }) => void seen.push(id)),
      ],
    })
    await bus.send(new Note({ id: 'n' }))
    await w.clock.settle()
    w.broker.cut()
    await w.clock.advance(5_000)
    expect(runs).toHaveLength(2)
    runs[0]?.goesOn.open()
    await runs[0]?.ended
    await w.clock.settle()
    expect(seen).toEqual([])
    runs[1]?.goesOn.open()
    await w.clock.settle()
    expect(seen).toEqual(['2 before', '2 after'])
    expect(counts.filter(({ what }) => what === 'sent-after-handler')).toEqual([])
  })

  it('is over when it ends: what a callback sends afterwards leaves at once, counted', async () => {
    const w = world()
    const seen: string[] = []
    const counts = w.seen('count')
    const [goesOn, later] = [gate(), gate()]
    const sent = Promise.withResolvers<void>()
    let runs = 0
    const bus = await w.bus({
      handlers: [
        handle(Note, async (_, context) => {
          if ((runs += 1) > 1) return
          void later.opened.then(() => context.publish(new Placed({ id: 'later' }))).then(sent.resolve, sent.reject)
          await goesOn.opened
        }),
        on(Placed, { id: 'p' }, ({ id }) => void seen.push(id)),
      ],
    })
    await bus.send(new Note({ id: 'n' }))
    await w.clock.settle()
    w.broker.cut()
    await w.clock.advance(5_000)
    goesOn.open()
    await w.clock.settle()
    later.open()
    await sent.promise
    await w.clock.settle()
    expect(seen).toEqual(['later'])
    expect(counts.filter(({ what }) => what === 'sent-after-handler')).toHaveLength(1)
  })
})
