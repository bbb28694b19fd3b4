import { describe, expect, it } from 'vitest'
import type { Middleware } from '../context/index.js'
import { flushOutgoing, middleware, recover } from '../invocation/index.js'
import { when } from '../recovery/index.js'
import { checkOrder } from './order-rules.js'
import { Pipeline } from './pipeline.js'
import { standardPipeline } from './standard-pipeline.js'

const step = (name: string): Middleware => ({ name, incoming: { message: (context, next) => next(context) } })
const standard = ['recover', 'idempotency', 'flush-outgoing', 'middleware']
const names = ({ steps }: Pipeline): string[] => steps.map(({ name }) => name)

describe('a pipeline', () => {
  it('is composed by the names of its steps', () => {
    const pipeline = standardPipeline()
    expect(names(pipeline)).toEqual(standard)
    expect(names(pipeline.before('flush-outgoing', step('a'), step('b')))).toEqual(['recover', 'idempotency', 'a', 'b', 'flush-outgoing', 'middleware'])
    expect(names(pipeline.after('recover', step('a'), step('b')))).toEqual(['recover', 'a', 'b', 'idempotency', 'flush-outgoing', 'middleware'])
    expect(names(pipeline.without('middleware'))).toEqual(['recover', 'idempotency', 'flush-outgoing'])
    expect(names(pipeline.replace('middleware', step('a')))).toEqual(['recover', 'idempotency', 'flush-outgoing', 'a'])
    expect(names(pipeline.after('middleware', step('a')).before('a', step('b')))).toEqual([...standard, 'b', 'a'])
  })

  it('is a value: what composes it leaves it as it is', () => {
    const pipeline = standardPipeline()
    pipeline.before('recover', step('a')).after('recover', step('b')).without('middleware').replace('recover', step('c'))
    expect(names(pipeline)).toEqual(standard)
    expect(() => (pipeline.steps as Middleware[]).push(step('d'))).toThrow(TypeError)
    const given = [recover(), flushOutgoing()]
    const own = new Pipeline(given)
    given.pop()
    expect(names(own)).toEqual(['recover', 'flush-outgoing'])
  })

  it('names the nearest step when there is none of that name, and all that it has', () => {
    const pipeline = standardPipeline()
    const text = (compose: () => unknown): string => {
      try {
        compose()
      } catch (error) {
        return (error as Error).message
      }
      return 'nothing thrown'
    }
    expect(text(() => pipeline.before('flushOutgoing', step('a')))).toContain(
      'before("flushOutgoing"): the pipeline has no step of this name\n     Did you mean "flush-outgoing"? It has recover, idempotency, flush-outgoing, middleware.',
    )
    expect(text(() => pipeline.after('recovers', step('a')))).toContain('after("recovers")')
    expect(text(() => pipeline.replace('Recover', step('a')))).toContain('Did you mean "recover"?')
    expect(text(() => pipeline.without('timeout'))).toContain(
      'without("timeout"): the pipeline has no step of this name\n     It has recover, idempotency, flush-outgoing, middleware.',
    )
    expect(text(() => pipeline.without(undefined as unknown as string))).toContain('without(undefined)')
  })

  it('of a list has the middleware at its end, unless the list has a place for it', () => {
    expect(names(Pipeline.of([recover(), flushOutgoing(), step('a')]))).toEqual(['recover', 'flush-outgoing', 'a', 'middleware'])
    expect(names(Pipeline.of([recover(), middleware(), flushOutgoing()]))).toEqual(['recover', 'middleware', 'flush-outgoing'])
  })

  it('tells the retries that its recover was given', () => {
    const policy = when(Error).retryNow(1)
    expect(standardPipeline({ recover: policy }).retry).toBe(policy)
    expect(standardPipeline().retry).toBeUndefined()
  })
})

describe('the standard pipeline', () => {
  it('has the steps that are asked for, each in its place', () => {
    const all = standardPipeline({
      timeout: { after: '5s' },
      dropExpired: true,
      filter: { where: () => true },
      recover: { immediate: 1 },
      logging: { level: 'info' },
      slowDown: true,
      circuitBreaker: { when: TypeError },
      concurrencyLimit: { limit: 3 },
      rateLimit: { permits: 3, per: '1s' },
    })
    expect(names(all)).toEqual([
      'logging',
      'recover',
      'filter',
      'slow-down',
      'circuit-breaker',
      'concurrency-limit',
      'rate-limit',
      'drop-expired',
      'idempotency',
      'flush-outgoing',
      'timeout',
      'middleware',
    ])
    expect(checkOrder(all.steps)).toEqual([])
    expect(names(standardPipeline({ timeout: false, dropExpired: false, filter: false, logging: false, idempotency: false }))).toEqual([
      'recover',
      'flush-outgoing',
      'middleware',
    ])
  })

  it('reports all that is wrong with its options at once, with path and expectation', () => {
    const wrong = { timeout: { after: 'soon' }, filter: {}, recover: { immediate: -1 }, logging: { level: 'loud' }, dropExpired: { clockSkew: 5 }, retry: {} }
    let text = ''
    try {
      standardPipeline(wrong as never)
    } catch (error) {
      text = (error as Error).message
    }
    expect(text).toContain('the standard pipeline cannot be made: 6 problems')
    for (const part of [
      'standardPipeline.retry is no option',
      'logging.level must be "trace" or "debug" or "info" or "warn" or "error", got "loud"',
      'recover.immediate must be an integer from 0 to 1000, got -1',
      'filter.where must be a function of the message and its context, got undefined',
      'dropExpired.clockSkew must be a duration such as "250ms", "5s", "10m", got 5',
      'timeout.after must be a duration of at least a millisecond such as "250ms", "5s", "10m", got "soon"',
    ])
      expect(text).toContain(part)
  })

  it('refuses what is no object', () => {
    expect(() => standardPipeline(7 as never)).toThrow('standardPipeline must be an object, got 7')
    expect(() => standardPipeline({ timeout: true } as never)).toThrow('timeout.after must be a duration')
  })
})
