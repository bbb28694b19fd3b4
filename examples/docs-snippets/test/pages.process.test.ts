import { Command, ConfigurationError, createBus, Document, Event, handle, on, Query, type BusOptions } from '@waybill/core'
import { createMemoryBroker, memory } from '@waybill/core/memory'
import { cloudEvents } from '@waybill/core/wire'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { OrderPlaced, PlaceOrder } from '../src/messages.js'

// It reads pages outside of its package, so it is never taken from a cache: hence among the process tests.
const page = (name: string): string => readFileSync(new URL(`../../../docs/reference/${name}.md`, import.meta.url), 'utf8')

/** What an error about an option that nobody could have meant says is known. */
function known(make: () => unknown): readonly string[] {
  try {
    make()
  } catch (error) {
    return knownIn(error)
  }
  throw new Error('took an option that does not exist')
}

function knownIn(error: unknown): readonly string[] {
  const text = error instanceof ConfigurationError ? (error.problems[0]?.fix ?? '') : error instanceof Error ? error.message : ''
  return /Known: ([\w, ]+)/.exec(text)?.[1]?.trim().split(', ') ?? []
}

const unknown = { xxxxxxxxxxxxxxxxxxxx: 1 } as object

it('lists every option that there is', async () => {
  const bus = createBus({ name: 'orders', ...unknown } as BusOptions)
  const started = createBus({ name: 'orders', sends: [OrderPlaced], handlers: [handle(PlaceOrder, () => ({ pieces: 1 }))] })
  await started.start()
  const order = new PlaceOrder({ orderId: crypto.randomUUID(), customer: 'ada', lines: [{ sku: 'A-1', quantity: 1 }] })
  const reply = z.object({})
  const lists = [
    knownIn(await bus.start().catch((error: unknown) => error)),
    knownIn(await started.send(order, unknown).catch((error: unknown) => error)),
    knownIn(await started.request(order, unknown).catch((error: unknown) => error)),
    knownIn(await started.gather(order, { from: ['orders'], ...unknown }).catch((error: unknown) => error)),
    knownIn(await started.requestEvent(order, { success: OrderPlaced, ...unknown }).catch((error: unknown) => error)),
    known(() => on(OrderPlaced, { id: 'audit', ...unknown }, () => undefined)),
    known(() => Command('orders.a', z.object({}), { reply, ...unknown })),
    known(() => Query('orders.b', z.object({}), { reply, ...unknown })),
    known(() => Event('orders.c', z.object({}), unknown)),
    known(() => Document('orders.d', unknown)),
  ]
  await started.stop()
  for (const names of lists) {
    expect(names.length).toBeGreaterThan(3)
    expect(names.filter((name) => !page('options').includes(`\`${name}\``))).toEqual([])
  }
  for (const names of [known(() => memory(unknown)), known(() => createMemoryBroker(unknown))]) {
    expect(names.length).toBeGreaterThan(2)
    expect(names.filter((name) => !page('memory').includes(`\`${name}\``))).toEqual([])
  }
})

it('names the steps of the pipelines in their order', async () => {
  const bus = createBus({ name: 'orders', sends: [OrderPlaced], handlers: [handle(PlaceOrder, () => ({ pieces: 1 }))] })
  const { pipelines, endpoints } = await bus.describe()
  const text = page('pipelines')
  const at = (names: readonly string[], from: string): readonly number[] => names.map((name) => text.indexOf(`\`${name}\``, text.indexOf(from)))
  for (const places of [
    at(pipelines.outgoing, '## Out'),
    at(pipelines.delivery, '## In: once per delivery'),
    at(endpoints[0]?.handlers[0]?.pipeline.slice(0, 2) ?? [], '## In: once per handler'),
  ]) {
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  }
})

it('lists the attributes of an envelope and the capabilities of memory', () => {
  for (const [field, attribute] of Object.entries(cloudEvents)) expect(page('headers')).toMatch(new RegExp(`\\| \`${field}\` +\\| \`${attribute}\``))
  const { capabilities } = memory().create()
  const row = (name: string): string | undefined => new RegExp(`\\| \`${name}\` +\\| (.*?) +\\|`).exec(page('memory'))?.[1]
  expect(Object.keys(capabilities).filter((name) => row(name) === undefined)).toEqual([])
  const plain = Object.entries(capabilities).filter(([, value]) => typeof value === 'string' || typeof value === 'boolean')
  expect(plain.map(([name]) => row(name))).toEqual(plain.map(([, value]) => String(value)))
})
