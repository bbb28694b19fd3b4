// A handler fails once, then a message is dead-lettered: two lines with the default logger.
import { Command, createBus, handle, UnrecoverableError } from '@waybill/core'
import { observe } from '@waybill/core/runtime'
import { z } from 'zod'

class Note extends Command('shop.note', z.object({ id: z.string() })) {}

const bus = createBus({
  name: 'shop',
  handlers: [
    handle(Note, (_, { attempt }) => {
      throw attempt === 1 ? new Error('again') : new UnrecoverableError('never')
    }),
  ],
})
const { promise: dead, resolve } = Promise.withResolvers()
observe('deadLetter', resolve)
await bus.start()
await bus.send(new Note({ id: '1' }), { id: 'note-1' })
await dead
await bus.stop()
