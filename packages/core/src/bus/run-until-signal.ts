import { constants } from 'node:os'
import type { Bus, Stopped } from './bus.js'

/** What ends a service. */
export interface SignalOptions {
  /** @default ['SIGTERM', 'SIGINT'] */
  readonly signals?: readonly NodeJS.Signals[]
  /** Ends it like the first signal, for another reason of your own. */
  readonly signal?: AbortSignal
}

/**
 * Starts the bus if it is not, and stops it at the first signal: running handlers end, what has not started goes back.
 * Resolves with what `stop()` gave; rejects when the start fails. The exit code becomes 1 when a handler had not ended
 * by `stopTimeout`, and stays as it is otherwise. Another signal meanwhile ends the process at once, with the code
 * 128 + its number. Its listeners are removed at the end, so a later signal does what it does without them.
 *
 * @example
 * ```ts
 * import { createBus, runUntilSignal } from '@waybill/core'
 *
 * const bus = createBus({ name: 'orders', transport: 'memory:' })
 * await runUntilSignal(bus)
 * ```
 */
export async function runUntilSignal(bus: Bus, { signals = ['SIGTERM', 'SIGINT'], signal }: SignalOptions = {}): Promise<Stopped> {
  const asked = Promise.withResolvers<void>()
  let isAsked = false
  const ask = (): void => {
    isAsked = true
    asked.resolve()
  }
  const onSignal = (name: NodeJS.Signals): void => {
    if (isAsked) process.exit(128 + constants.signals[name])
    ask()
  }
  const names = new Set(signals)
  for (const name of names) process.on(name, onSignal)
  signal?.addEventListener('abort', ask, { once: true })
  if (signal?.aborted === true) ask()
  try {
    const started = bus.start()
    // Where a signal comes first, the stop ends the start: its rejection is no news then.
    await Promise.race([started, asked.promise])
    await asked.promise
    const stopped = await bus.stop()
    if (stopped.unfinished.length > 0) process.exitCode = 1
    return stopped
  } finally {
    for (const name of names) process.off(name, onSignal)
    signal?.removeEventListener('abort', ask)
  }
}
