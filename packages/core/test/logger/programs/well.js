// Sends, publishes and requests with the default logger; nothing may be written.
import { Command, createBus, Event, handle, on, Query } from '@waybill/core'
import { z } from 'zod'

class Note extends Command('shop.note', z.object({ id: z.string() })) {}
class Noted extends Event('shop.noted', z.object({ id: z.string() })) {}
class Find extends Query('shop.find', z.object({ id: z.string() }), { reply: z.object({ found: z.boolean() }) }) {}

const { promise: heard, resolve: hear } = Promise.withResolvers()
const bus = createBus({
  name: 'shop',
  handlers: [
    handle(Note, ({ id }, context) => context.publish(new Noted({ id }))),
    on(Noted, { id: 'audit' }, ({ id }) => id === '2' && hear()),
    handle(Find, () => ({ found: true })),
  ],
})
await bus.start()
await bus.send(new Note({ id: '1' }))
await bus.publish(new Noted({ id: '2' }))
const { found } = await bus.request(new Find({ id: '1' }))
await heard
await bus.stop()
if (!found) process.exitCode = 1
