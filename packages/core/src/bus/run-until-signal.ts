import { constants } from 'node:os'
import { ConfigurationError, quote } from '../errors/index.js'
import type { Bus, Stopped } from './bus.js'
import { onStop } from './stops.js'

/** What ends a service. */
export interface SignalOptions {
  /** @default ['SIGTERM', 'SIGINT'] */
  readonly signals?: readonly NodeJS.Signals[]
  /** Ends it like the first signal, for another reason of your own. */
  readonly signal?: AbortSignal
}

/**
 * Starts the bus if it is not, and stops it at the first signal: running handlers end, what has not started goes back.
 * Resolves with what `stop()` gave, also where something else has stopped the bus; rejects when the start fails. The exit
 * code becomes 1 when a handler had not ended by `stopTimeout`, and stays as it is otherwise. Another signal meanwhile
 * ends the process at once, with the code 128 + its number. Its listeners are removed at the end, so a later signal does
 * what it does without them.
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
  const names = new Set(signals)
  checkSignals(bus, names)
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
  for (const name of names) process.on(name, onSignal)
  const endWatch = onStop(bus, ask)
  signal?.addEventListener('abort', ask, { once: true })
  if (signal?.aborted === true) ask()
  try {
    // Where a signal comes first, the stop ends the start: its rejection is no news then.
    if (!isAsked) await Promise.race([bus.start(), asked.promise])
    await asked.promise
    const stopped = await bus.stop()
    if (stopped.unfinished.length > 0) process.exitCode = 1
    return stopped
  } finally {
    for (const name of names) process.off(name, onSignal)
    signal?.removeEventListener('abort', ask)
    endWatch()
  }
}

/** Node refuses to listen to some, and takes what is no signal for an event that never comes. */
function checkSignals(bus: Bus, names: ReadonlySet<NodeJS.Signals>): void {
  const problems = [...names]
    .filter((name) => !Object.hasOwn(constants.signals, name) || name === 'SIGKILL' || name === 'SIGSTOP')
    .map((name) => ({ what: `nobody can listen to the signal ${quote(name)}`, fix: "Use 'SIGTERM', 'SIGINT' or another that a process can catch." }))
  if (problems.length > 0) throw new ConfigurationError(`the bus ${quote(bus.name)} cannot run until a signal`, problems)
}
