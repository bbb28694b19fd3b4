import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, CommandHandler, createBus, EventHandler, handle } from '../../src/index.js'
import { Note, Placed } from '../support/service.js'
import { startOf } from './refused-start.js'

class ShopNotes {
  handle(): void {}
}
CommandHandler(Note)(ShopNotes)
class OtherNotes {
  handle(): void {}
}
CommandHandler(Note)(OtherNotes)

class Counter {
  readonly store: object
  constructor(store: object) {
    this.store = store
  }
  handle(): void {}
}
EventHandler(Placed, { id: 'counter' })(Counter)

class Pay extends Command('billing.pay', z.object({ id: z.string() })) {}

describe('a configuration with five mistakes', () => {
  it('gives one error that lists all five, each with the handler or option and the fix', async () => {
    const error = await startOf({
      handlers: [ShopNotes, OtherNotes, Counter, handle(Pay, () => undefined)],
      concurency: 5,
      stopTimeout: 30,
      transport: 'memory:',
    })
    expect(error.problems).toEqual([
      { what: 'options.concurency is no option', fix: 'Did you mean options.concurrency?' },
      {
        what: 'options.stopTimeout must be a duration such as "250ms", "5s", "10m", got 30',
        fix: 'Set options.stopTimeout to a duration such as "250ms", "5s", "10m".',
      },
      {
        what: expect.stringMatching(/^Two handlers for the command shop\.note at the endpoint "shop": ShopNotes.* and OtherNotes/) as string,
        fix: 'A command has one handler. Remove one, or make it an event.',
      },
      {
        what: expect.stringContaining('handles the command billing.pay at the endpoint "shop", and its route is "billing"') as string,
        fix: 'Add to the options here and of every sender: routes: { "billing.pay": "shop" }.',
      },
      {
        what: expect.stringMatching(/^Counter.*has constructor parameters, and the bus has no `container`/) as string,
        fix: 'Pass a container that makes it, or an instance: handlers: [new Counter(…)].',
      },
    ])
    expect(error.message).toMatch(/^the bus "shop" cannot start: 5 problems\n {2}1\. .*\n {2}5\. .*\(WAYBILL_CONFIGURATION\)$/s)
  })

  it('is the same at every start', async () => {
    const options = { handlers: [ShopNotes, OtherNotes], concurency: 5 }
    expect((await startOf(options)).message).toBe((await startOf(options)).message)
  })

  it('names the transport among them', async () => {
    const error = await startOf({ handlers: [ShopNotes, OtherNotes], transport: 'nosuch://broker' })
    expect(error.problems.map(({ what }) => what)).toEqual([expect.stringContaining('shop.note'), expect.stringContaining('npm install @waybill/nosuch')])
  })
})

describe('what is wrong with the options of a transport', () => {
  it('is an error of the transport where nothing else is wrong', async () => {
    const bus = createBus({ name: 'shop', transport: { kind: 'memory', nmae: 'orders' }, handlers: [] })
    await expect(bus.start()).rejects.toMatchObject({
      code: 'WAYBILL_MEMORY_OPTIONS',
      message: expect.stringMatching(/memory\.nmae is no option\n +Did you mean memory\.name\?/) as string,
    })
  })

  it('is one of the mistakes otherwise', async () => {
    const { problems } = await startOf({ transport: { kind: 'memory', nmae: 'orders' }, concurency: 1 })
    expect(problems).toEqual([
      { what: 'options.concurency is no option', fix: 'Did you mean options.concurrency?' },
      { what: expect.stringMatching(/memory\.nmae is no option\n {7,}.*Did you mean memory\.name\?/) as string, fix: 'Did you mean memory.name?' },
    ])
  })
})
