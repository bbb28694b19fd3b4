import { expect, it } from 'vitest'
import { z } from 'zod'
import { Command, on } from '../../src/index.js'
import { Placed, world } from '../support/service.js'
import { provideFar } from './far.js'

class Told extends Command('far.told', z.object({ name: z.string() })) {}

it('runs the sibling of a handler that fails to its dead letter once, and its messages leave once', async () => {
  const w = world()
  await provideFar(w.broker, w.clock)
  const startMs = w.clock.now()
  const runs: { readonly handler: string; readonly atMs: number }[] = []
  const bus = await w.bus({
    // The default of every bus: at once ×2, after 10s, 1m and 10m, then the dead letter.
    handlers: [
      on(Placed, { id: 'fails' }, async (_, context) => {
        runs.push({ handler: 'fails', atMs: w.clock.now() - startMs })
        await context.send(new Told({ name: 'by the one that fails' }))
        throw new Error('always')
      }),
      on(Placed, { id: 'works' }, async (_, context) => {
        runs.push({ handler: 'works', atMs: w.clock.now() - startMs })
        for (const name of ['first', 'second']) await context.send(new Told({ name }))
      }),
    ],
  })
  await bus.publish(new Placed({ id: '1' }))
  await w.clock.advance(24 * 3_600_000)
  expect(runs.filter(({ handler }) => handler === 'works')).toEqual([{ handler: 'works', atMs: 0 }])
  expect(runs.filter(({ handler }) => handler === 'fails').map(({ atMs }) => atMs)).toEqual([0, 10_000, 70_000, 670_000].flatMap((atMs) => [atMs, atMs, atMs]))
  expect(w.broker.browse('far').map(({ body }) => Buffer.from(body ?? []).toString())).toEqual(['{"name":"first"}', '{"name":"second"}'])
  expect(w.deadLetters()).toMatchObject([{ handler: 'fails', reason: 'retries-exhausted' }])
  expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
})
