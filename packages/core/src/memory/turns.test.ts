import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { Turns } from './turns.js'

test('runs nothing before the call has returned', async () => {
  const turns = new Turns()
  const happened: string[] = []
  turns.ask({ dispatch: () => happened.push('delivered') })
  happened.push('returned')
  await Promise.resolve()
  expect(happened).toEqual(['returned', 'delivered'])
})

test('runs outside of the ambient context of whoever asked', async () => {
  const turns = new Turns()
  const ambient = new AsyncLocalStorage<string>()
  const seen: unknown[] = []
  ambient.run('a handler', () => turns.ask({ dispatch: () => seen.push(ambient.getStore()) }))
  await Promise.resolve()
  expect(seen).toEqual([undefined])
})

test('lets timers run while deliveries beget deliveries without end', async () => {
  const turns = new Turns()
  let delivered = 0
  let ended = false
  const queue = {
    dispatch(): number {
      delivered += 1
      if (!ended) turns.ask(queue)
      return 1
    },
  }
  turns.ask(queue)
  await new Promise((resolve) => void setImmediate(resolve))
  ended = true
  expect(delivered).toBeGreaterThanOrEqual(10_000)
})
