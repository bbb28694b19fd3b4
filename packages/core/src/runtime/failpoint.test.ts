import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../../test/guarded.js'
import { crashAt, failpoint } from './failpoint.js'

describe('a failpoint', () => {
  it('does nothing unless it is armed', () => {
    expect(failpoint('before-send', 'one')).toBeUndefined()
  })

  it('stops the first bus that reaches it, once, and for ever', async () => {
    const { reached } = crashAt('before-send')
    const died = failpoint('before-send', 'one')
    await expect(reached).resolves.toEqual({ instanceId: 'one', failpoint: 'before-send' })
    expect(failpoint('before-send', 'two')).toBeUndefined()
    expect(outcomeOf(died as Promise<never>).state).toBe('pending')
  })

  it('leaves every bus alone but the one that is named, and lets it pass as often as it is told', () => {
    const { disarm } = crashAt('before-send', { instanceId: 'one', skip: 1 })
    expect(failpoint('before-send', 'two')).toBeUndefined()
    expect(failpoint('before-send', 'one')).toBeUndefined()
    expect(failpoint('before-send', 'two')).toBeUndefined()
    expect(failpoint('before-send', 'one')).toBeInstanceOf(Promise)
    disarm()
  })

  it('may be armed for two buses, and disarmed for one of them', async () => {
    const first = crashAt('before-send', { instanceId: 'one' })
    const second = crashAt('before-send', { instanceId: 'two' })
    const third = crashAt('before-send', { instanceId: 'three' })
    first.disarm()
    expect(failpoint('before-send', 'one')).toBeUndefined()
    expect(failpoint('before-send', 'three')).toBeInstanceOf(Promise)
    expect(failpoint('before-send', 'two')).toBeInstanceOf(Promise)
    await expect(second.reached).resolves.toEqual({ instanceId: 'two', failpoint: 'before-send' })
    await expect(third.reached).resolves.toEqual({ instanceId: 'three', failpoint: 'before-send' })
  })

  it('stays armed when one that has fired is disarmed', () => {
    const first = crashAt('before-send')
    expect(failpoint('before-send', 'one')).toBeInstanceOf(Promise)
    const second = crashAt('before-send')
    first.disarm()
    expect(failpoint('before-send', 'two')).toBeInstanceOf(Promise)
    second.disarm()
  })
})
