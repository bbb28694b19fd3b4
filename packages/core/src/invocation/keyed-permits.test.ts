import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyedPermits, type Queued } from './keyed-permits.js'

describe('keyed permits', () => {
  it('gives as many as the limit for each key', () => {
    const permits = new KeyedPermits(2)
    expect(['a', 'a', 'a', 'b', 'b', 'b'].map((key) => permits.take(key))).toEqual([true, true, false, true, true, false])
  })

  it('hands a permit that comes back to who has waited longest', () => {
    const permits = new KeyedPermits(1)
    const called: string[] = []
    permits.take('a')
    for (const name of ['first', 'second']) permits.lineOf('a').add({ call: () => void called.push(name) })
    permits.release('a')
    expect(called).toEqual(['first'])
    expect(permits.take('a')).toBe(false)
    permits.release('a')
    expect(called).toEqual(['first', 'second'])
  })

  it('never runs more than the limit, leaves none free while somebody waits, keeps the order, and forgets keys', () => {
    const act = fc.record({ key: fc.constantFrom('a', 'b', 'c'), what: fc.constantFrom('enter', 'enter', 'leave', 'withdraw'), which: fc.nat(20) })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 150 }), fc.integer({ min: 1, max: 4 }), (acts, limit) => {
        const model = new Model(limit)
        for (const each of acts) {
          model.act(each)
          expect(model.mistakes()).toEqual([])
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

const keys = ['a', 'b', 'c'] as const

/** Who runs and who waits, told beside the permits. */
class Model {
  readonly #limit: number
  readonly #permits: KeyedPermits
  readonly #running = new Map<string, number>()
  readonly #waiting = new Map<string, readonly Queued[]>()
  readonly #mistakes: string[] = []

  constructor(limit: number) {
    this.#limit = limit
    this.#permits = new KeyedPermits(limit)
  }

  act({ key, what, which }: { readonly key: string; readonly what: string; readonly which: number }): void {
    const line = this.#line(key)
    if (what === 'enter') this.#enter(key)
    else if (what === 'leave' && this.#run(key) > 0) {
      this.#running.set(key, this.#run(key) - 1)
      this.#permits.release(key)
    } else if (what === 'withdraw' && line.length > 0) {
      const place = line[which % line.length] as Queued
      this.#permits.lineOf(key).delete(place)
      this.#waiting.set(
        key,
        line.filter((other) => other !== place),
      )
    }
  }

  mistakes(): readonly string[] {
    const busy = keys.filter((key) => this.#run(key) > 0)
    return [
      ...this.#mistakes,
      ...keys.filter((key) => this.#run(key) > this.#limit).map((key) => `${key}: too many run`),
      ...keys.filter((key) => this.#line(key).length > 0 && this.#run(key) < this.#limit).map((key) => `${key}: waits beside a free place`),
      ...(this.#permits.keys === busy.length ? [] : ['a key is kept that nobody uses']),
    ]
  }

  #enter(key: string): void {
    if (this.#permits.take(key)) {
      if (this.#line(key).length > 0) this.#mistakes.push(`${key}: passed those that wait`)
      this.#running.set(key, this.#run(key) + 1)
      return
    }
    const place: Queued = {
      call: () => {
        if (this.#line(key)[0] !== place) this.#mistakes.push(`${key}: called out of order`)
        this.#waiting.set(key, this.#line(key).slice(1))
        this.#running.set(key, this.#run(key) + 1)
      },
    }
    this.#waiting.set(key, [...this.#line(key), place])
    this.#permits.lineOf(key).add(place)
  }

  #run(key: string): number {
    return this.#running.get(key) ?? 0
  }

  #line(key: string): readonly Queued[] {
    return this.#waiting.get(key) ?? []
  }
}
