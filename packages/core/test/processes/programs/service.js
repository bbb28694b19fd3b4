// A service that runs until a signal, under load: says `ready`, then one line for each message that was handled, then what became of it.
import { createBus, Command, handle, runUntilSignal } from '@waybill/core'
import { createMemoryBroker, memory } from '@waybill/core/memory'
import { z } from 'zod'

class Work extends Command('shop.work', z.object({ id: z.number() })) {}

const messages = 400
const concurrency = 5
const stuck = process.argv.includes('--stuck')
const broker = createMemoryBroker()
const handled = []
let late = 0
const bus = createBus({
  name: 'shop',
  transport: memory({ broker }),
  concurrency,
  stopTimeout: process.argv.includes('--impatient') ? '200ms' : '60s',
  handlers: [
    handle(Work, async ({ id }) => {
      if (handled.length >= 20) {
        late += 1
        if (late === concurrency) console.log('ready')
        if (stuck) await new Promise(() => undefined)
      }
      await new Promise((resolve) => setTimeout(resolve, 5))
      handled.push(id)
    }),
  ],
})
process.on('exit', (code) => console.log(JSON.stringify({ exit: code })))
const ended = runUntilSignal(bus)
// Called after the listener that began the stop.
const stopping = () => console.log('stopping')
for (const name of ['SIGTERM', 'SIGINT']) process.once(name, stopping)
await bus.start()
for (let id = 0; id < messages; id += 1) await bus.send(new Work({ id }))
const { unfinished } = await ended
const left = broker.browse('shop').map(({ body }) => JSON.parse(Buffer.from(body).toString()).id)
const all = [...handled, ...left]
const seen = new Set(all)
console.log(
  JSON.stringify({
    unfinished,
    // Of all that was accepted: neither handled nor still there, or both.
    lost: messages - seen.size,
    duplicates: all.length - seen.size,
    left: left.length > 0,
    // One of them is ours, for the signal that did not come.
    listeners: process.listenerCount('SIGTERM') + process.listenerCount('SIGINT') - 1,
    status: bus.health().status,
  }),
)
