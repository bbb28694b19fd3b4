import { describe, expect, it } from 'vitest'
import { handle, on, type Middleware } from '../../src/index.js'
import { crashAt, type FailpointName } from '../../src/runtime/index.js'
import { Note, Place, Placed, world } from '../support/service.js'

const wire: Middleware = {
  name: 'wire',
  outgoing: { wire: (context, next) => next(context) },
  incoming: { wire: (context, next) => next(context) },
}

/** Every name that the type has: without one of them this does not compile. */
const points: Readonly<Record<FailpointName, boolean>> = {
  'after-receive': true,
  'after-defer': true,
  'after-drop-expired': true,
  'after-incoming-wire': true,
  'after-deserialize': true,
  'before-handler': true,
  'after-handler': true,
  'after-reply': true,
  'after-outgoing-message': true,
  'after-route': true,
  'after-serialize': true,
  'after-identity': true,
  'after-hold': true,
  'before-flush': true,
  'after-outgoing-wire': true,
  'before-send': true,
  'after-send': true,
  'after-flush': true,
  'after-recover': true,
  'after-dispatch': true,
  'after-copies': true,
  'before-settle': true,
  // With an inbox alone: idempotency-crash.test.ts.
  'before-mark': false,
  'after-mark': false,
  // With a schedule store alone: schedule-crash.test.ts.
  'before-schedule-send': false,
  'after-schedule-send': false,
}

describe('a process that dies', () => {
  it.each((Object.keys(points) as FailpointName[]).filter((point) => points[point]))(
    'at %s loses nothing: another instance gets the delivery, and what leaves has the same ids',
    async (point) => {
      const w = world()
      const placed: string[] = []
      const runs: string[] = []
      const observer = await w.bus({
        name: 'observer',
        middleware: [wire],
        handlers: [on(Placed, { id: 'o' }, ({ id }, context) => void placed.push(`${id} ${context.id}`))],
      })
      const handlers = [
        handle(Place, async ({ id }, context) => {
          runs.push(`place ${id}`)
          await context.publish(new Placed({ id }))
          return { total: 1 }
        }),
        handle(Note, { retry: { immediate: 0, delayed: ['1s'] } }, ({ id }, { attempt }) => {
          runs.push(`note ${id} ${attempt}`)
          if (attempt === 1) throw new Error('once')
        }),
      ]
      const others = w.broker.connections()
      await w.bus({ middleware: [wire], handlers })
      const [instanceId = ''] = w.broker.connections().filter((id) => !others.includes(id))
      const crash = crashAt(point, { instanceId })
      const reply = observer.request(new Place({ id: 'p' }), { timeout: '1m' })
      const sent = observer.send(new Note({ id: 'n' }))
      await sent
      await w.clock.advance(0)
      expect(await crash.reached).toEqual({ instanceId, failpoint: point })

      await w.bus({ middleware: [wire], handlers })
      await w.clock.advance(10_000)
      expect(await reply).toEqual({ total: 1 })
      expect(new Set(placed).size).toBe(1)
      expect(runs.filter((run) => run.startsWith('place')).length).toBeGreaterThanOrEqual(1)
      expect(runs.at(-1) === 'note n 2' || runs.includes('note n 2')).toBe(true)
      expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
      expect(w.deadLetters()).toEqual([])
    },
  )
})
