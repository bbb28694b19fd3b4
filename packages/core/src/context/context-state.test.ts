import { describe, expect, it } from 'vitest'
import { contextKey } from './context-key.js'
import { ContextState } from './context-state.js'

const Tenant = contextKey<string | undefined>('tenant')

describe('the places of a context', () => {
  it('give back what was set, and name the key when nothing was', () => {
    const state = new ContextState()
    expect(() => state.get(Tenant)).toThrow('Nothing has set "tenant" in this context')
    expect(state.find(Tenant)).toBeUndefined()
    state.set(Tenant, 'north')
    expect(state.get(Tenant)).toBe('north')
  })

  it('tell what was set to undefined apart from what nobody has set', () => {
    const state = new ContextState()
    state.set(Tenant, undefined)
    expect(state.get(Tenant)).toBeUndefined()
  })

  it('are looked for in the parent, unless they are set here, also to undefined', () => {
    const parent = new ContextState()
    const state = new ContextState(parent)
    parent.set(Tenant, undefined)
    expect(state.get(Tenant)).toBeUndefined()
    parent.set(Tenant, 'north')
    expect(state.get(Tenant)).toBe('north')
    state.set(Tenant, undefined)
    expect(state.get(Tenant)).toBeUndefined()
    expect(parent.get(Tenant)).toBe('north')
  })

  it('are those of the key, not of its name', () => {
    const state = new ContextState()
    state.set(Tenant, 'north')
    expect(() => state.get(contextKey<string>('tenant'))).toThrow('Nothing has set "tenant"')
  })
})
