import { expect } from 'vitest'
import { ConfigurationError, createBus, type BusOptions } from '../../src/index.js'

/** The one error that a bus with these options starts with; every problem of it is in the message and has a fix. */
export async function startOf(options: Readonly<Record<string, unknown>>): Promise<ConfigurationError> {
  const bus = createBus({ name: 'shop', ...options } as unknown as BusOptions)
  const error: unknown = await bus.start().catch((caught: unknown) => caught)
  if (!(error instanceof ConfigurationError)) throw new Error(`expected a ConfigurationError, got ${String(error)}`)
  expect(error.code).toBe('WAYBILL_CONFIGURATION')
  for (const { what, fix } of error.problems) {
    expect(what.length).toBeGreaterThan(10)
    expect(fix).toMatch(/^[A-Z{].*[.?]$/s)
    expect(error.message).toContain(what)
    expect(error.message).toContain(fix)
  }
  return error
}
