import { virtualClock } from '@waybill/core/runtime'
import { describe, expect, it } from 'vitest'
import { Pacer } from './pacer.js'

function pacerOf(): { readonly clock: ReturnType<typeof virtualClock>; readonly pacer: Pacer; readonly since: () => number } {
  const clock = virtualClock(0)
  return { clock, pacer: new Pacer({ time: 'virtual', clock }), since: () => clock.now() }
}

describe('virtual time of a lab', () => {
  it('stands still while nobody waits', async () => {
    const { clock, since } = pacerOf()
    let rang = false
    clock.after(1, () => void (rang = true))
    await clock.settle()
    expect([rang, since()]).toEqual([false, 0])
  })

  it('moves to what is waited for, and not past it', async () => {
    const { clock, pacer, since } = pacerOf()
    let rang = false
    clock.after(1_500, () => void (rang = true))
    clock.after(9_000, () => undefined)
    expect(await pacer.wait(60_000, () => rang)).toBe(true)
    expect(since()).toBe(1_500)
  })

  it('ends a wait at its bound exactly', async () => {
    const { pacer, since } = pacerOf()
    expect(await pacer.wait(2_500, () => false)).toBe(false)
    expect(since()).toBe(2_500)
  })

  it('lets whoever was answered go first, before it moves on for another', async () => {
    const { pacer, since } = pacerOf()
    const seen: number[] = []
    const long = pacer.wait(10_000, () => false)
    await pacer.wait(1_000, () => false)
    seen.push(since())
    await pacer.wait(1_000, () => false)
    seen.push(since())
    await long
    expect([...seen, since()]).toEqual([1_000, 2_000, 10_000])
  })

  it('waits for a promise, and says whether it has settled in time', async () => {
    const { clock, pacer } = pacerOf()
    const later = new Promise<void>((resolve) => void clock.after(5_000, resolve))
    expect(await pacer.settles(1_000, later)).toBe(false)
    expect(await pacer.settles(10_000, later)).toBe(true)
    expect(await pacer.settles(10, Promise.reject(new Error('no')))).toBe(true)
  })

  it('stands still while work takes turns of the event loop', async () => {
    const { clock, pacer, since } = pacerOf()
    clock.after(100, () => undefined)
    let worked = -1
    const work = async (): Promise<void> => {
      await pacer.turns(20)
      worked = since()
    }
    const working = work()
    expect(await pacer.wait(1_000, () => worked >= 0)).toBe(true)
    await working
    expect(worked).toBe(0)
  })

  it('rejects when a condition throws', async () => {
    const { pacer } = pacerOf()
    await expect(pacer.wait(10, () => Promise.reject(new Error('the broker does not say')))).rejects.toThrow('does not say')
  })
})
