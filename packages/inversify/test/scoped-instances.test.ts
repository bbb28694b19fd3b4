import type { MessageContext } from '@waybill/core'
import { describe, expect, it } from 'vitest'
import { ScopedInstances } from '../src/scoped-instances.js'

describe('the instances of a message', () => {
  it('are disposed of, the last one made first, also when one fails, whose failure is thrown', async () => {
    const instances = new ScopedInstances()
    const ended: string[] = []
    const make = (name: string, end?: () => void) =>
      instances.getOrMake(Symbol(name), () => ({
        [Symbol.dispose]: () => {
          ended.push(name)
          end?.()
        },
      }))
    make('first')
    make('second', () => {
      throw new Error('second failed')
    })
    make('third')
    await expect(instances.dispose()).rejects.toThrow('second failed')
    expect(ended).toEqual(['third', 'second', 'first'])
    await instances.dispose()
    expect(ended).toHaveLength(3)
  })

  it('that could not be made are told to whoever asked, and not once more when the others are disposed of', async () => {
    const instances = new ScopedInstances()
    let ended = false
    instances.getOrMake(Symbol('made'), () => ({
      [Symbol.dispose]: () => {
        ended = true
      },
    }))
    const asked = instances.getOrMake(Symbol('later'), () => Promise.reject(new Error('no database')))
    await expect(asked).rejects.toThrow('no database')
    await instances.dispose()
    expect(ended).toBe(true)
  })

  it('are made once, also when the maker throws the first time', () => {
    const instances = new ScopedInstances()
    const id = Symbol('flaky')
    expect(() =>
      instances.getOrMake(id, () => {
        throw new Error('not yet')
      }),
    ).toThrow('not yet')
    const made = instances.getOrMake(id, () => ({}))
    expect(instances.getOrMake(id, () => ({}))).toBe(made)
  })

  it('cost nothing where a message asked for none', () => {
    const context = { find: () => undefined } as unknown as MessageContext
    expect(ScopedInstances.find(context)).toBeUndefined()
  })
})
