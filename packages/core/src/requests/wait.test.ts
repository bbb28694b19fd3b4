import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Query } from '../messages/index.js'
import { contractOfClass } from '../messages/message-contract.js'
import { defaultLogger } from '../logging/logger.js'
import { BusScope } from '../runtime/bus-scope.js'
import { virtualClock } from '../runtime/virtual-clock.js'
import { EventWait } from './event-wait.js'
import { GatherWait } from './gather-wait.js'
import { Keyed } from './keyed.js'
import { PendingRequests } from './pending-requests.js'
import { RequestWait } from './request-wait.js'
import { Wait, type OpenWaits } from './wait.js'

class Find extends Query('shop.find', z.object({}), { reply: z.object({}) }) {}

class TextWait extends Wait<string> {
  left = 0
  protected late(): void {
    this.resolve('late')
  }
  protected leave(): void {
    this.left += 1
  }
}

function waiting() {
  const clock = virtualClock()
  const open: OpenWaits = new Set()
  const controller = new AbortController()
  const limits = { clock, open, timeoutMs: 1_000, signal: controller.signal }
  const left = () => ({ timers: clock.waiting.count, listeners: getEventListeners(controller.signal, 'abort').length, open: open.size })
  return { clock, open, controller, limits, left }
}
const nothing = { timers: 0, listeners: 0, open: 0 }

describe('a wait', () => {
  it.each([
    ['is answered', 'reply', (wait: TextWait) => wait.resolve('reply')],
    ['fails', 'no', (wait: TextWait) => wait.reject(new Error('no'))],
    ['fails with something that is no error', 'a text', (wait: TextWait) => wait.reject('a text')],
    ['is aborted', 'changed my mind', (_: TextWait, abort: (reason: unknown) => void) => abort(new Error('changed my mind'))],
    ['is aborted without an error', 'The request was aborted', (_: TextWait, abort: (reason: unknown) => void) => abort('because')],
  ])('leaves neither timer nor listener when it %s, and ends once', async (_, text, end) => {
    const { controller, limits, left } = waiting()
    const wait = new TextWait(limits)
    expect(left()).toEqual({ timers: 1, listeners: 1, open: 1 })
    end(wait, (reason) => controller.abort(reason))
    wait.resolve('again')
    wait.reject(new Error('again'))
    expect(await wait.ended.catch((error: unknown) => (error as Error).message)).toBe(text)
    expect({ ...left(), isOver: wait.isOver, left: wait.left }).toEqual({ ...nothing, isOver: true, left: 1 })
  })

  it('ends at its time, and leaves nothing', async () => {
    const { clock, limits, left } = waiting()
    const wait = new TextWait(limits)
    await clock.advance(1_000)
    expect(await wait.ended).toBe('late')
    expect(left()).toEqual(nothing)
  })

  it('for replies takes no id where its caller has given up before the request left', async () => {
    const { clock, limits } = waiting()
    const contract = contractOfClass(Find)
    if (contract === undefined) throw new Error('Find is declared above')
    const pending = new PendingRequests(new BusScope({ bus: 'shop', instanceId: '1', clock, logger: defaultLogger }), 1_000)
    const request = new RequestWait(limits, pending, contract)
    const gather = new GatherWait(limits, { pending, contract, from: ['a'], count: undefined, quorum: undefined })
    const ended = request.ended.catch((error: unknown) => error)
    await clock.advance(1_000)
    request.sent('r', { isGiven: true })
    for (const leg of gather.legs) leg.sent('g')
    // Free still: nobody waits under them.
    for (const id of ['r', 'g']) pending.add(id, request, { isGiven: true })
    expect(await ended).toMatchObject({ code: 'WAYBILL_REQUEST_TIMEOUT', message: expect.stringContaining('has not left') as unknown })
    expect(await gather.ended).toEqual({ replies: [], failed: [], missing: ['a'], releasedBy: 'timeout' })
  })

  it('for an event looks for nothing where its caller has given up before the command left', async () => {
    const { clock, limits } = waiting()
    const waits = new Keyed<EventWait>()
    const wait = new EventWait(limits, { waits, type: 'shop.note', expected: new Map() })
    const ended = wait.ended.catch((error: unknown) => error)
    await clock.advance(1_000)
    wait.sent('shop/1', '1')
    expect(waits.isEmpty).toBe(true)
    expect(await ended).toMatchObject({ code: 'WAYBILL_EVENT_TIMEOUT', message: expect.stringContaining('has not left') as unknown })
  })
})
