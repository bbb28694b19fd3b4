import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, ConfigurationError, createBus, Event, handle, on, when, type Bus, type FunctionHandler, type ReportRow } from '../../src/index.js'
import { createMemoryBroker, memory, type NarrowedCapabilities } from '../../src/memory/index.js'
import { Find, Note, Place, Placed } from '../support/service.js'

class Moved extends Event('shop.moved', z.object({ id: z.string() }), { key: 'id', ordered: true }) {}
class Renamed extends Event('shop.renamed', z.object({ id: z.string() }), { key: 'id', ordered: true }) {}
class Store extends Command('shop.store', z.object({ text: z.string() })) {}

const note = handle(Note, () => undefined)

function busOn(capabilities: NarrowedCapabilities, handlers: readonly FunctionHandler[]): Bus {
  return createBus({ name: 'shop', transport: memory({ broker: createMemoryBroker(), capabilities }), handlers })
}

async function report(
  capabilities: NarrowedCapabilities,
  handlers: readonly FunctionHandler[],
): Promise<{ readonly rows: readonly ReportRow[]; readonly text: string; row(need: ReportRow['need']): ReportRow | undefined }> {
  const bus = busOn(capabilities, handlers)
  expect((await bus.describe()).report).toBeUndefined()
  await bus.start()
  const { report: given } = await bus.describe()
  await bus.stop()
  if (given === undefined) throw new Error('no report')
  expect((await bus.describe()).text).not.toContain('what memory provides')
  return { ...given, row: (need) => given.rows.find((each) => each.need === need) }
}

async function refusal(capabilities: NarrowedCapabilities, handlers: readonly FunctionHandler[]): Promise<ConfigurationError> {
  const bus = busOn(capabilities, handlers)
  const error: unknown = await bus.start().catch((caught: unknown) => caught)
  expect(bus.health().status).toBe('new')
  if (!(error instanceof ConfigurationError)) throw new Error(`expected a ConfigurationError, got ${String(error)}`)
  expect(error.message).toContain('the bus "shop" cannot start on memory: 1 problem')
  return error
}

describe('the report of the start', () => {
  it('says what the bus needs and what the transport provides, as a table', async () => {
    const { rows, text } = await report({}, [note, handle(Find, ({ id }) => ({ id }))])
    expect(rows.map(({ need, by, provided }) => `${need} | ${by} | ${provided}`)).toEqual([
      'own address | shop | native',
      'delayed retry | shop | native',
      'lock | shop | native',
      'crash quarantine | shop | native',
      'replies | shop.find | native',
      'message size | shop | native',
      'unroutable | shop | native',
      'durability | shop | degraded',
    ])
    const [title, ...lines] = text.split('\n')
    expect(title).toBe('shop: what it needs, and what memory provides')
    expect(lines).toHaveLength(rows.length)
    for (const [index, { need, by, provided, detail }] of rows.entries())
      expect(lines[index]).toMatch(new RegExp(`^ {2}${need} +${by} +${provided} +${detail.slice(0, 10)}`))
  })

  describe('on memory without delay', () => {
    it('degrades retries that nobody asked for', async () => {
      expect((await report({ delay: 'none' }, [note])).row('delayed retry')).toEqual({
        need: 'delayed retry',
        by: 'shop',
        provided: 'degraded',
        detail: 'the broker has no delay: immediate retries only, then the dead letter',
      })
    })

    it.each([
      { how: 'options', retry: { delayed: ['10s', '1m'] as const } },
      { how: 'a policy', retry: when(Error).retryAfter('10s', '1m') },
    ])('refuses retries that a handler asks for by $how', async ({ retry }) => {
      expect((await refusal({ delay: 'none' }, [handle(Note, { retry }, () => undefined)])).problems).toEqual([
        {
          what: 'shop.note needs delayed retry: the broker has no delay, and 10000ms 60000ms is asked for.',
          fix: 'Use { retry: { immediate: 2, delayed: [] } }, start the bus with a schedule store, or choose a transport that delays.',
        },
      ])
    })

    it('refuses a delay at the call, never silently at once', async () => {
      const bus = busOn({ delay: 'none' }, [note, on(Placed, { id: 'billing' }, () => undefined)])
      await bus.start()
      const advice = expect.stringContaining(
        'Start the bus with a schedule store, { stores: { schedule } }, delay a command instead, or choose a transport that delays',
      ) as string
      await expect(bus.send(new Note({ id: '1' }), { delay: '10s' })).rejects.toMatchObject({ code: 'WAYBILL_SEND_OPTION', message: advice })
      await expect(bus.publish(new Placed({ id: '1' }), { delay: '10s' })).rejects.toMatchObject({ code: 'WAYBILL_SEND_OPTION', message: advice })
      await bus.stop()
    })
  })

  describe('on memory with a short delay', () => {
    it('emulates longer ones by hops', async () => {
      const row = (await report({ delay: { maxMs: 60_000, resolutionMs: 1 } }, [note])).row('delayed retry')
      expect(row).toMatchObject({ provided: 'emulated', detail: '10000ms 60000ms 600000ms, in hops of 60000 ms' })
    })
  })

  describe('on memory without order', () => {
    it('refuses what is declared ordered, and names the key', async () => {
      expect((await refusal({ ordering: 'none' }, [on(Moved, { id: 'mover' }, () => undefined)])).problems).toEqual([
        {
          what: 'shop needs order by key: nothing keeps messages with one id in order.',
          fix: 'Remove { ordered: true } from the declaration, or choose a transport that orders by key.',
        },
      ])
    })

    it('does not care where nothing is ordered', async () => {
      expect((await report({ ordering: 'none' }, [note])).row('order by key')).toBeUndefined()
    })
  })

  it('on memory with order says that it holds within a topic', async () => {
    const { row } = await report({}, [on([Moved, Renamed], { id: 'mover' }, () => undefined)])
    expect(row('order by key')).toMatchObject({ provided: 'native', detail: 'key id; more consumers: rebalances' })
    expect(row('one log')).toMatchObject({
      provided: 'degraded',
      detail: expect.stringMatching(/shop\.moved, shop\.renamed\. Give types that must stay in order the same topic/) as string,
    })
  })

  describe('on memory with messages of 64 KiB at most', () => {
    const limits = { messageBytes: 65_536 }

    it('says so', async () => {
      expect((await report({ limits }, [note])).row('message size')).toEqual({
        need: 'message size',
        by: 'shop',
        provided: 'degraded',
        detail: 'at most 64 KiB to an endpoint, 64 KiB to a topic',
      })
    })

    it('refuses larger ones at the call', async () => {
      const bus = busOn({ limits }, [handle(Store, () => undefined)])
      await bus.start()
      await expect(bus.send(new Store({ text: 'x'.repeat(65_536) }))).rejects.toMatchObject({ code: 'WAYBILL_TOO_LARGE' })
      await bus.stop()
    })
  })

  describe('on memory without replies', () => {
    it('refuses a bus that answers queries', async () => {
      const { problems } = await refusal({ replies: 'none' }, [handle(Find, ({ id }) => ({ id }))])
      expect(problems).toEqual([
        { what: 'shop.find needs replies: there is no way back to a requester.', fix: 'Answer with an event, or choose a transport with replies.' },
      ])
    })

    it('refuses a request at the call', async () => {
      const bus = busOn({ replies: 'none' }, [handle(Place, () => ({ total: 1 }))])
      await bus.start()
      await expect(bus.request(new Place({ id: '1' }))).rejects.toMatchObject({
        code: 'WAYBILL_NO_REPLIES',
        message: expect.stringContaining('Send it, and publish an event as the answer') as string,
      })
      await bus.stop()
    })
  })

  it('on memory without private addresses refuses to start', async () => {
    expect((await refusal({ privateAddress: false }, [note])).problems[0]).toMatchObject({
      what: expect.stringContaining('shop needs own address') as string,
      fix: 'Choose a transport with private addresses.',
    })
  })

  it('on memory that counts releases and takes what nobody has says what is missing', async () => {
    const { row } = await report({ deliveryCount: 'all', unroutable: 'silent' }, [note])
    expect(row('crash quarantine')).toMatchObject({ provided: 'degraded', detail: expect.stringContaining('not provided') as string })
    expect(row('unroutable')).toMatchObject({ provided: 'degraded', detail: expect.stringContaining('is lost without an error') as string })
  })
})
