// #region transports
import { createBus } from '@waybill/core'
import { memory } from '@waybill/core/memory'

// by object: an application that knows its broker
export const byObject = createBus({ name: 'orders', transport: memory({ name: 'shop' }) })

// by URL: one line of configuration
export const byUrl = createBus({ name: 'orders', transport: process.env['WAYBILL_TRANSPORT'] ?? 'memory:shop' })

// by block: from a configuration file, with options that a URL has no place for
export const byBlock = createBus({ name: 'orders', transport: { kind: 'memory', name: 'shop' } })
// #endregion
