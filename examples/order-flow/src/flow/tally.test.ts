import { describe, expect, it } from 'vitest'
import { Tally } from './tally.js'

describe('Tally', () => {
  it('counts an order once, however often its messages come', async () => {
    const tally = new Tally()
    const ended = [tally.sending('a'), tally.sending('b')]
    void tally.sending('c')
    tally.shipped('a')
    tally.shipped('a')
    tally.deadLettered('b')
    tally.deadLettered('b')
    await Promise.all(ended)
    expect([tally.sentCount, tally.shippedCount, tally.deadLetteredCount]).toEqual([3, 1, 1])
    expect(tally.open).toEqual(['c'])
    expect(tally.latenciesMs).toHaveLength(1)
  })

  it('knows nothing of orders that this run did not send', () => {
    const tally = new Tally()
    tally.shipped('left over')
    tally.deadLettered('left over')
    expect([tally.sentCount, tally.shippedCount, tally.deadLetteredCount]).toEqual([0, 0, 0])
  })

  it('shows an order that came to two ends in both counts', () => {
    const tally = new Tally()
    void tally.sending('a')
    tally.shipped('a')
    tally.deadLettered('a')
    expect([tally.shippedCount, tally.deadLetteredCount, tally.open]).toEqual([1, 1, []])
  })

  it('ends the wait for what is given up, and still names it', async () => {
    const tally = new Tally()
    const ended = tally.sending('a')
    tally.giveUp(new Error('no more'))
    await expect(ended).rejects.toThrow('no more')
    expect(tally.open).toEqual(['a'])
  })
})
