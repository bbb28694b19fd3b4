import { describe, expect, it } from 'vitest'
import type { InboxAnswer, InboxRequest } from '../contract/index.js'
import { virtualClock } from '../runtime/index.js'
import { memoryInbox } from './index.js'

const day = 86_400_000
const never = new AbortController().signal
const request = (id: string, changes: Partial<InboxRequest> = {}): InboxRequest => ({
  endpoint: 'orders',
  handler: 'place',
  formerHandlers: [],
  source: 'shop',
  id,
  redelivered: false,
  leaseMs: 30_000,
  ...changes,
})

async function complete(answer: InboxAnswer): Promise<string> {
  return answer.state === 'claimed' ? answer.complete({}) : answer.state
}

// What every inbox does is in the store suite of @waybill/conformance.
describe('the inbox in memory', () => {
  it('shows its rows to whoever looks inside', async () => {
    const inbox = memoryInbox({ clock: virtualClock() })
    await complete(await inbox.claim(request('a'), never))
    await inbox.claim(request('b'), never)
    expect(inbox.rows()).toEqual([
      { endpoint: 'orders', handler: 'place', source: 'shop', id: 'a', state: 'done', reply: undefined },
      { endpoint: 'orders', handler: 'place', source: 'shop', id: 'b', state: 'claimed', reply: undefined },
    ])
  })

  it('drops what is done by the day, after its retention, and keeps what is claimed', async () => {
    const clock = virtualClock()
    const inbox = memoryInbox({ clock, retention: '2d' })
    await complete(await inbox.claim(request('done', { time: clock.now() }), never))
    await inbox.claim(request('held', { leaseMs: 100 * day }), never)
    await clock.advance(2 * day - 1)
    expect((await inbox.claim(request('done'), never)).state).toBe('done')
    await clock.advance(2 * day)
    await inbox.claim(request('next'), never)
    expect(inbox.rows().map(({ id }) => id)).toEqual(['held', 'next'])
  })

  it('leaves no timer behind when nobody waits', async () => {
    const clock = virtualClock()
    const inbox = memoryInbox({ clock })
    const holder = await inbox.claim(request('a'), never)
    const wait = await inbox.claim(request('a'), never)
    const waited = wait.state === 'held' ? wait.wait() : undefined
    expect(clock.waiting.count).toBe(1)
    await complete(holder)
    expect(await waited).toEqual({ state: 'done' })
    expect(clock.waiting.count).toBe(0)
  })

  it('leaves no timer behind when who waited has gone, and the row is its holder’s as before', async () => {
    const clock = virtualClock()
    const inbox = memoryInbox({ clock })
    const holder = await inbox.claim(request('a'), never)
    const gone = new AbortController()
    const held = await inbox.claim(request('a'), gone.signal)
    const waited = held.state === 'held' ? held.wait().catch((error: unknown) => error) : undefined
    gone.abort()
    expect(await waited).toBe(gone.signal.reason)
    expect(clock.waiting.count).toBe(0)
    await clock.advance(60_000)
    expect(await complete(holder)).toBe('done')
  })

  it('gives the row to a wait that begins after its holder has released it', async () => {
    const inbox = memoryInbox({ clock: virtualClock() })
    const holder = await inbox.claim(request('a'), never)
    const held = await inbox.claim(request('a'), never)
    if (holder.state === 'claimed') await holder.release()
    expect(held.state === 'held' && (await held.wait()).state).toBe('claimed')
    expect((await inbox.claim(request('a'), never)).state).toBe('held')
  })

  it.each([null, 5, {}, { now: () => 0 }])('refuses the clock %j', (clock) => {
    expect(() => memoryInbox({ clock: clock as never })).toThrow(/inbox\.clock must be a clock, with now\(\) and after\(\)[^]*WAYBILL_MEMORY_OPTIONS/)
  })

  it('has no clock before a bus gives it one, and says so', async () => {
    const inbox = memoryInbox()
    await expect(inbox.claim(request('a'), never)).rejects.toThrow(/inbox has no clock yet[^]*WAYBILL_MEMORY_OPTIONS/)
    await inbox.open({ clock: virtualClock() })
    expect((await inbox.claim(request('a'), never)).state).toBe('claimed')
  })
})
