import { pino } from 'pino'
import { expect, it } from 'vitest'
import { handle, type Logger } from '../../src/index.js'
import { Note, world } from '../support/service.js'

/** A pino logger that keeps what it writes. */
function keeping(): { readonly logger: Logger; readonly lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = []
  // Assigned as it is: no adapter, no cast.
  const logger: Logger = pino(
    { level: 'trace', base: null, timestamp: false },
    { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  )
  return { logger, lines }
}

it('pino fits the logger as it is: one line for each retry and one for the dead letter, with the fields to look for', async () => {
  const { clock, bus } = world()
  const { logger, lines } = keeping()
  const started = await bus({ logger, retry: { immediate: 1, delayed: ['10s'] }, handlers: [handle(Note, () => Promise.reject(new Error('no stock')))] })
  await started.send(new Note({ id: '1' }), { id: 'note-1' })
  await clock.advance(10_000)
  const about = { messageId: 'note-1', type: 'shop.note', endpoint: 'shop', handler: 'shop.note', correlationId: 'note-1', error: 'no stock' }
  expect(lines).toEqual([
    { ...about, level: 40, attempt: 1, delayMs: 0, msg: 'shop/shop.note failed, again at once' },
    { ...about, level: 40, attempt: 2, delayMs: 10_000, msg: 'shop/shop.note failed, again after 10000 ms' },
    { ...about, level: 40, attempt: 3, delayMs: 0, msg: 'shop/shop.note failed, again at once' },
    { ...about, level: 50, attempt: 4, reason: 'retries-exhausted', msg: 'shop/shop.note dead-lettered a message: retries-exhausted' },
  ])
})

it('a child logger of pino fits as well, and nothing above debug is said when all is well', async () => {
  const { clock, bus } = world()
  const lines: { readonly level: number }[] = []
  const parent = pino({ level: 'trace' }, { write: (line: string) => void lines.push(JSON.parse(line) as { level: number }) })
  const started = await bus({ logger: parent.child({ service: 'shop' }), handlers: [handle(Note, () => undefined)] })
  await started.send(new Note({ id: '1' }))
  await clock.settle()
  await started.stop()
  expect(lines.filter(({ level }) => level > 20)).toEqual([])
})
