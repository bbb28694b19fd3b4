// A handler that never ends, and one message behind it. Stops at a deadline of one second, five times over, and ends by itself.
import { createBus, Command, handle } from '@waybill/core'
import { createMemoryBroker, memory } from '@waybill/core/memory'
import { observe } from '@waybill/core/runtime'
import { z } from 'zod'

class Note extends Command('shop.note', z.object({ id: z.string() })) {}

const broker = createMemoryBroker()
const started = []
const attempts = []
const aborted = []
observe('retry', () => void attempts.push('a retry'))
const options = {
  name: 'shop',
  transport: memory({ broker }),
  concurrency: 1,
  stopTimeout: '1s',
  handlers: [
    handle(Note, ({ id }, context) => {
      started.push(`${id} ${context.attempt}`)
      context.signal.addEventListener('abort', () => aborted.push(context.signal.reason.name))
      onStart()
      return new Promise(() => undefined)
    }),
  ],
}
let onStart = () => undefined
const bus = createBus(options)
const stops = []
for (let round = 0; round < 5; round += 1) {
  const running = new Promise((resolve) => (onStart = resolve))
  await bus.start()
  if (round === 0) {
    await bus.send(new Note({ id: '1' }), { id: 'first' })
    await bus.send(new Note({ id: '2' }), { id: 'second' })
  }
  await running
  const before = performance.now()
  const { unfinished } = await bus.stop()
  stops.push({ unfinished, inTime: performance.now() - before < 2_000, atDeadline: performance.now() - before >= 990 })
}
const { ready, unsettled, delayed } = broker.depth('shop')
console.log(JSON.stringify({ stops, started, attempts, aborted, depth: { ready, unsettled, delayed }, deadLetters: broker.deadLetters('shop').length }))
