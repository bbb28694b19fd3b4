import { AsyncLocalStorage } from 'node:async_hooks'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Lanes } from './lanes.js'

interface Started {
  readonly name: string
  end(): void
}

/** Tasks that end when the test says. */
function tasks(lanes: Lanes): {
  readonly started: Started[]
  readonly names: () => string[]
  readonly submit: (name: string, key?: string) => Promise<string>
} {
  const started: Started[] = []
  return {
    started,
    names: () => started.map(({ name }) => name),
    submit: (name, key) =>
      lanes.run(key, () => {
        const { promise, resolve } = Promise.withResolvers<string>()
        started.push({ name, end: () => resolve(name) })
        return promise
      }),
  }
}

const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

describe('lanes', () => {
  it('starts a task before it returns, and gives back its own promise, where there is a place', () => {
    const lanes = new Lanes(1)
    const own = Promise.resolve(7)
    expect(lanes.run(undefined, () => own)).toBe(own)
    expect(lanes.running).toBe(1)
  })

  it('runs at most as many as it has places, first come first served', async () => {
    const lanes = new Lanes(2)
    const { started, names, submit } = tasks(lanes)
    const runs = Promise.all(['a', 'b', 'c', 'd'].map((name) => submit(name)))
    await settle()
    expect(names()).toEqual(['a', 'b'])
    expect([lanes.running, lanes.waiting]).toEqual([2, 2])
    started[1]?.end()
    await settle()
    expect(names()).toEqual(['a', 'b', 'c'])
    started[0]?.end()
    started[2]?.end()
    await settle()
    started[3]?.end()
    expect(await runs).toEqual(['a', 'b', 'c', 'd'])
    expect([lanes.running, lanes.waiting, lanes.keys]).toEqual([0, 0, 0])
  })

  it('lets those that wait for a busy key take no place from others', async () => {
    const lanes = new Lanes(2)
    const { names, submit } = tasks(lanes)
    for (const [name, key] of [
      ['a1', 'A'],
      ['a2', 'A'],
      ['a3', 'A'],
      ['b1', 'B'],
    ] as const)
      void submit(name, key)
    await settle()
    expect(names()).toEqual(['a1', 'b1'])
  })

  it('starts what was submitted first of all that may start, with and without keys', async () => {
    const lanes = new Lanes(1)
    const { started, names, submit } = tasks(lanes)
    for (const [name, key] of [
      ['a1', 'A'],
      ['a2', 'A'],
      ['b1', 'B'],
      ['free', undefined],
      ['a3', 'A'],
      ['b2', 'B'],
    ] as const)
      void submit(name, key)
    for (let index = 0; index < 6; index += 1) {
      await settle()
      started[index]?.end()
    }
    expect(names()).toEqual(['a1', 'a2', 'b1', 'free', 'a3', 'b2'])
  })

  it('starts what waits when it gets more places, and ends what runs when it gets fewer', async () => {
    const lanes = new Lanes(1)
    const { started, names, submit } = tasks(lanes)
    for (const name of ['a', 'b', 'c', 'd']) void submit(name)
    lanes.setConcurrency(3)
    await settle()
    expect(names()).toEqual(['a', 'b', 'c'])
    lanes.setConcurrency(1)
    started[0]?.end()
    started[1]?.end()
    await settle()
    expect(names()).toEqual(['a', 'b', 'c'])
    started[2]?.end()
    await settle()
    expect(names()).toEqual(['a', 'b', 'c', 'd'])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('at once')
      },
    ],
    ['rejects', () => Promise.reject(new Error('at once'))],
  ])('gives the place and the key of a task that %s to the next', async (_, task) => {
    const lanes = new Lanes(1)
    const failed = lanes.run('A', task)
    const next = lanes.run('A', () => Promise.resolve('next'))
    await expect(failed).rejects.toThrow('at once')
    expect(await next).toBe('next')
    const waited = lanes.run('A', () => Promise.resolve(1))
    const failedLater = lanes.run('A', task)
    await waited
    await expect(failedLater).rejects.toThrow('at once')
    expect([lanes.running, lanes.waiting, lanes.keys]).toEqual([0, 0, 0])
  })

  it('lets others run while a task rests, but not of its key, and gives it a place again', async () => {
    const lanes = new Lanes(1)
    const { started, names, submit } = tasks(lanes)
    const wait = Promise.withResolvers<string>()
    const rested = lanes.run('A', () => lanes.rest(wait.promise))
    void submit('a', 'A')
    void submit('b', 'B')
    await settle()
    expect(names()).toEqual(['b'])
    wait.resolve('awake')
    await settle()
    expect([lanes.running, lanes.waiting]).toEqual([1, 2])
    started[0]?.end()
    expect(await rested).toBe('awake')
    await settle()
    expect(names()).toEqual(['b', 'a'])
    started[1]?.end()
    await settle()
    expect([lanes.running, lanes.waiting, lanes.keys]).toEqual([0, 0, 0])
  })

  it('is not idle while a task rests', async () => {
    const lanes = new Lanes(2)
    const wait = Promise.withResolvers<void>()
    const rested = lanes.run('A', () => lanes.rest(wait.promise))
    let idle = false
    void lanes.idle().then(() => {
      idle = true
    })
    await lanes.run('B', () => Promise.resolve())
    await settle()
    expect(idle).toBe(false)
    wait.resolve()
    await rested
    await settle()
    expect(idle).toBe(true)
  })

  it('gives a task that has rested a place only when there is one, also after there was none', async () => {
    const lanes = new Lanes(1)
    const rested = lanes.run('A', () => lanes.rest(Promise.reject(new Error('woken early'))))
    lanes.setConcurrency(0)
    await settle()
    expect([lanes.running, lanes.waiting]).toEqual([0, 1])
    lanes.setConcurrency(1)
    await expect(rested).rejects.toThrow('woken early')
    expect([lanes.running, lanes.waiting, lanes.keys]).toEqual([0, 0, 0])
  })

  it('starts a task that waited in the ambient context of who submitted it', async () => {
    const ambient = new AsyncLocalStorage<string>()
    const lanes = new Lanes(1)
    const seen: (string | undefined)[] = []
    const submit = (name: string): Promise<void> =>
      ambient.run(name, () =>
        lanes.run('K', async () => {
          await Promise.resolve()
          seen.push(ambient.getStore())
        }),
      )
    await Promise.all([submit('a'), submit('b'), submit('c')])
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  it('holds for every schedule: no overlap in a key, its order kept, all places used, nothing left', async () => {
    const schedule = fc.record({
      concurrency: fc.integer({ min: 1, max: 6 }),
      keys: fc.array(fc.option(fc.constantFrom('A', 'B', 'C', 'D'), { nil: undefined }), { minLength: 1, maxLength: 40 }),
      turns: fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
      fails: fc.infiniteStream(fc.boolean()),
    })
    await fc.assert(
      fc.asyncProperty(schedule, async ({ concurrency, keys, turns, fails }) => {
        const lanes = new Lanes(concurrency)
        const running = new Set<string>()
        const order = new Map<string, number[]>()
        let overlapsOfAKey = 0
        let overlap = 0
        let most = 0
        await Promise.allSettled(
          keys.map((key, index) => {
            const rest = turns.next().value as number
            const how = fails.next().value as boolean
            return lanes.run(key, async () => {
              if (key !== undefined) {
                if (running.has(key)) overlapsOfAKey += 1
                running.add(key)
                order.set(key, [...(order.get(key) ?? []), index])
              }
              overlap += 1
              most = Math.max(most, overlap)
              // Two more than a hand-over takes, so that those which may run together do.
              for (let turn = 0; turn < rest + 2; turn += 1) await Promise.resolve()
              overlap -= 1
              if (key !== undefined) running.delete(key)
              if (how) throw new Error('failed')
            })
          }),
        )
        const apart = new Set(keys.filter((key) => key !== undefined)).size + keys.filter((key) => key === undefined).length
        expect(overlapsOfAKey).toBe(0)
        expect(most).toBe(Math.min(concurrency, apart))
        for (const indices of order.values()) expect(indices).toEqual(indices.toSorted((a, b) => a - b))
        expect([...order.values()].flat()).toHaveLength(keys.filter((key) => key !== undefined).length)
        expect([lanes.running, lanes.waiting, lanes.keys]).toEqual([0, 0, 0])
      }),
      { numRuns: 1_500 },
    )
  })

  it('keeps nothing of ten thousand keys that have come and gone', async () => {
    const lanes = new Lanes(10)
    await Promise.all(Array.from({ length: 10_000 }, (_, index) => lanes.run(`key ${index}`, () => Promise.resolve())))
    expect([lanes.running, lanes.waiting, lanes.keys]).toEqual([0, 0, 0])
  })
})
