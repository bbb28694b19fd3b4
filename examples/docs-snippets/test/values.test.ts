import { createBus, handle, InvalidMessageError, MessageDeclarationError, on } from '@waybill/core'
import { createMemoryBroker, memory } from '@waybill/core/memory'
import { expect, it } from 'vitest'
import { refused } from '../src/refused-values.js'
import { Draw, MeetingMoved, Pay, Subscribe, subscribeFrom, Tag } from '../src/values.js'

it('fills in defaults and applies transforms when the message is made', () => {
  expect(new Subscribe({ email: 'Ada@Example.org' })).toEqual({ email: 'ada@example.org', topics: ['all'] })
  expect(subscribeFrom({ email: 'Ada@Example.org', topics: [] })).toEqual({ email: 'ada@example.org', topics: [] })
  expect(() => subscribeFrom({ email: 'nobody', topics: [1] })).toThrow(InvalidMessageError)
})

it('brings dates, bigints and sets back over the wire', async () => {
  const broker = createMemoryBroker()
  const got: object[] = []
  const take = (message: object): void => void got.push(message)
  const handlers = [on(MeetingMoved, { id: 'calendar' }, take), handle(Pay, take), handle(Tag, take), handle(Draw, take)]
  const bus = createBus({ name: 'all', transport: memory({ broker }), routes: { '*': 'all' }, handlers })
  await bus.start()
  const to = new Date('2026-03-01T10:00:00Z')
  await bus.publish(new MeetingMoved({ meetingId: crypto.randomUUID(), to }))
  await bus.send(new Pay({ account: 'a', cents: 12_345_678_901_234_567_890n }))
  await bus.send(new Tag({ sku: 'A-1', tags: new Set(['new']) }))
  await bus.send(new Draw({ shape: { kind: 'circle', radius: 2 } }))
  await bus.stop()
  expect(got).toMatchObject([{ to }, { cents: 12_345_678_901_234_567_890n }, { tags: new Set(['new']) }, { shape: { radius: 2 } }])
})

it('refuses what does not come back, on the first instance', () => {
  expect(refused.unstable).toThrow(MessageDeclarationError)
  expect(refused.unstable).toThrow('"shop.price": the schema does not read its own output back from JSON at price: it comes back different')
  expect(refused.asynchronous).toThrow(MessageDeclarationError)
  expect(refused.asynchronous).toThrow('it is asynchronous')
})
