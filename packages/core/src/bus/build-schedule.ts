import { Schedule } from '../schedule/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { milliseconds } from '../wire/index.js'
import type { AnyBusOptions } from './bus-options.js'
import { defaults } from './endpoint-defaults.js'

/** What waits longer than the broker can, where the bus has a store for it. */
export function buildSchedule(
  scope: BusScope,
  { guard, options, trouble }: { readonly guard: GuardedTransport; readonly options: AnyBusOptions; readonly trouble: (what: 'begins' | 'ends') => void },
): Schedule | undefined {
  const store = options.stores?.schedule
  if (store === undefined) return undefined
  const timeoutMs = milliseconds(options.publishTimeout, defaults.publishTimeout)
  return new Schedule(scope, { store, guard, timeoutMs, pollMs: milliseconds(options.schedulePoll, defaults.schedulePoll), trouble })
}
