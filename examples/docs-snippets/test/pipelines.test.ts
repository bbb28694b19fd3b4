import { ConfigurationError } from '@waybill/core'
import { expect, it } from 'vitest'
import { OrderPlaced } from '../src/messages.js'
import { bus, filtered, listed, mailed, refused } from '../src/pipelines.js'

const order = new OrderPlaced({ orderId: crypto.randomUUID(), customer: 'ada@example.org' })

it('composes the standard pipeline, and describes the order that runs', async () => {
  await bus.start()
  await bus.publish(order, { headers: { tenant: 'acme' } })
  await bus.stop()
  expect(mailed.splice(0)).toEqual(['ada@example.org'])
  expect((await bus.describe()).endpoints[0]?.handlers[0]?.pipeline.join(' → ')).toBe(
    'logging → recover → known-tenant → drop-expired → flush-outgoing → timeout → call-handler → mail.confirm',
  )
})

it('takes a list of steps', async () => {
  await listed.start()
  await listed.publish(order, { headers: { tenant: 'acme' } })
  await listed.stop()
  expect(mailed.splice(0)).toEqual(['ada@example.org'])
})

it('filters for one handler', async () => {
  await filtered.start()
  await filtered.publish(order)
  await filtered.publish(new OrderPlaced({ orderId: crypto.randomUUID(), customer: 'nobody' }))
  await filtered.stop()
  expect(mailed.splice(0)).toEqual(['ada@example.org'])
})

it('refuses an order that loses messages', async () => {
  const refusal: unknown = await refused.start().catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(ConfigurationError)
  expect(String(refusal)).toContain(
    '"flush-outgoing" stands outside of "recover": the messages of every attempt after the first would never leave\n     Put "flush-outgoing" inside of "recover".',
  )
})
