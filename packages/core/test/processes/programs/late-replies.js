// Ten thousand requests whose replies come one millisecond late. Writes what is left of them: { timeouts, late, pending, timers, grownBytes, resources }.
import { setImmediate as turn } from 'node:timers/promises'
import { createBus, handle, Query, RequestTimeoutError } from '@waybill/core'
import { createMemoryBroker, memory } from '@waybill/core/memory'
import { observe } from '@waybill/core/runtime'
import { z } from 'zod'

class Find extends Query('shop.find', z.object({ id: z.string() }), { reply: z.object({ id: z.string() }) }) {}

const requests = 10_000
const timeoutMs = 1_000

// All that falls due at one moment in one turn: ten thousand timers one by one are slow.
const timers = new Set()
let now = Date.UTC(2026, 0, 1)
const clock = {
  now: () => now,
  after(ms, run) {
    const timer = { due: now + ms, run }
    timers.add(timer)
    return { cancel: () => void timers.delete(timer) }
  },
}
async function advance(ms) {
  now += ms
  const due = [...timers].filter((timer) => timer.due <= now)
  for (const timer of due) if (timers.delete(timer)) timer.run()
  await quiet()
}
async function quiet() {
  for (let turns = 0; turns < 50; turns += 1) await turn()
}

const broker = createMemoryBroker({ clock })
const started = { name: 'shop', clock, transport: memory({ broker }), concurrency: requests, handlerTimeout: 'none' }
const shop = createBus({ ...started, handlers: [handle(Find, ({ id }) => new Promise((reply) => void clock.after(timeoutMs + 1, () => reply({ id }))))] })
const caller = createBus({ ...started, name: 'caller' })
let late = 0
observe('count', ({ what }) => void (late += what === 'late-reply' ? 1 : 0))
await shop.start()
await caller.start()

async function round(count) {
  let timeouts = 0
  for (let index = 0; index < count; index += 1) {
    // Fewer than make a bus say that its broker is slow.
    if (index % 1_000 === 0) await quiet()
    caller
      .request(new Find({ id: String(index) }), { timeout: `${timeoutMs}ms` })
      .catch((error) => void (timeouts += error instanceof RequestTimeoutError ? 1 : 0))
  }
  await quiet()
  await advance(timeoutMs)
  await advance(1)
  return timeouts
}
function heap() {
  for (let times = 0; times < 5; times += 1) globalThis.gc()
  return process.memoryUsage().heapUsed
}

// What is made once, code and queues of their full size, belongs to no request.
await round(requests)
late = 0
const timersBefore = timers.size
const before = heap()
const timeouts = await round(requests)
const { requests: pending } = caller.health()
await quiet()
const grownBytes = heap() - before
const timersLeft = timers.size - timersBefore
const stopped = [caller.stop(), shop.stop()]
await Promise.all(stopped)
const resources = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap' && name !== 'TTYWrap')
console.log(JSON.stringify({ timeouts, late, pending, timers: timersLeft, grownBytes, resources, depth: broker.depth('shop') }))
