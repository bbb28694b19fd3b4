import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, handle, when, type RetryOptions } from '../../src/index.js'
import { memory } from '../../src/memory/index.js'
import type { AnyBusOptions } from '../../src/bus/bus-options.js'
import { standardPipeline } from '../../src/middleware.js'
import { Find, Note, Place, world } from '../support/service.js'

const levels = ['handler', 'endpoint', 'bus', 'pipeline'] as const
type Level = (typeof levels)[number]
const messages = ['command', 'command that replies', 'request', 'query'] as const

const policies = fc.record(
  {
    immediate: fc.integer({ min: 0, max: 4 }),
    delayed: fc.array(fc.constantFrom('100ms', '5s', '10m', '2h'), { maxLength: 3 }),
    requests: fc.constantFrom('immediate', 'delayed'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<RetryOptions>

interface Case {
  readonly level: Level
  readonly retry: RetryOptions
  readonly message: (typeof messages)[number]
}

/** How often its handler has run when its message is a dead letter, or its caller has a fault. */
async function attemptsMade({ level, retry, message }: Case): Promise<{ readonly made: number; readonly printed: number }> {
  const w = world()
  let made = 0
  const fail = (): never => {
    made += 1
    throw new Error('always')
  }
  const own = level === 'handler' ? { retry } : {}
  const handlers = [message === 'command' ? handle(Note, own, fail) : message === 'query' ? handle(Find, own, fail) : handle(Place, own, fail)]
  const options: Partial<AnyBusOptions> = {
    ...(level === 'bus' ? { retry } : undefined),
    ...(level === 'pipeline' ? { pipeline: standardPipeline({ recover: retry }) } : undefined),
    routes: { 'shop.*': 'far' },
    endpoints: { far: { handlers, ...(level === 'endpoint' ? { retry } : undefined) } },
  }
  const bus = await w.bus(options)
  const requested = { timeout: '1000h' } as const
  if (message === 'command') await bus.send(new Note({ id: '1' }))
  else if (message === 'command that replies') await bus.send(new Place({ id: '1' }))
  else void bus.request(message === 'query' ? new Find({ id: '1' }) : new Place({ id: '1' }), requested).catch(() => undefined)
  await w.clock.advance(100 * 3_600_000)
  expect(w.deadLetters('far')).toHaveLength(message === 'query' ? 0 : 1)
  return { made, printed: printed((await bus.describe()).text, message) }
}

/** `at most 12 attempts (3 of a request)` */
function printed(text: string, message: Case['message']): number {
  const [, all, ofRequests = all] = /at most (\d+) attempts(?: \((\d+) of a request\))?/.exec(text) ?? []
  return Number(message === 'request' ? ofRequests : all)
}

describe('the bound of a retry policy', () => {
  it('that describe() prints is the number of attempts that are made', async () => {
    const cases: fc.Arbitrary<Case> = fc.record({ level: fc.constantFrom(...levels), retry: policies, message: fc.constantFrom(...messages) })
    await fc.assert(
      fc.asyncProperty(cases, async (each) => {
        const { made, printed: told } = await attemptsMade(each)
        expect(told).toBe(made)
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it.each([
    { where: 'on an ordered endpoint', retry: {}, ordered: true, most: 3 },
    { where: 'on an ordered endpoint with delays', retry: { immediate: 1, delayed: ['1s', '2s'] }, ordered: true, most: 6 },
    { where: 'on a broker that cannot delay', retry: {}, ordered: false, most: 3 },
  ] as const)('is $most $where', async ({ retry, ordered, most }) => {
    class Step extends Command('flow.step', z.object({ key: z.string() }), { key: 'key', ...(ordered ? { ordered } : {}) }) {}
    const w = world()
    let made = 0
    const fail = (): never => {
      made += 1
      throw new Error('always')
    }
    const transport = memory({ broker: w.broker, ...(ordered ? {} : { capabilities: { delay: 'none' } }) })
    const bus = await w.bus({ name: 'flow', transport, retry, handlers: [handle(Step, fail)] })
    await bus.send(new Step({ key: 'a' }))
    await w.clock.advance(3_600_000)
    expect({ made, printed: printed((await bus.describe()).text, 'command') }).toEqual({ made: most, printed: most })
    expect(w.deadLetters('flow')).toHaveLength(1)
  })

  it('is that of the rule for the error, and each rule that may hold is printed', async () => {
    class Gateway extends Error {}
    class Busy extends Gateway {}
    const runs: Record<string, number> = {}
    const w = world()
    const bus = await w.bus({
      retry: when(Gateway).retryNow(1).retryAfter('1s').or(when(Busy).retryNow(4)),
      handlers: [
        handle(Note, ({ id }) => {
          runs[id] = (runs[id] ?? 0) + 1
          throw id === 'busy' ? new Busy() : id === 'gateway' ? new Gateway() : new Error('other')
        }),
      ],
    })
    for (const id of ['busy', 'gateway', 'other']) await bus.send(new Note({ id }))
    await w.clock.advance(3_600_000)
    const { text } = await bus.describe()
    const told = [...text.matchAll(/^ {4}(\S+): at once .* at most (\d+) attempts/gm)].map(([, name, most]) => [name, Number(most)])
    expect(told).toEqual([
      ['Gateway', 4],
      ['Busy', 5],
      ['Error', 12],
    ])
    expect(runs).toEqual({ gateway: 4, busy: 5, other: 12 })
  })
})
