import type { Bus } from './bus.js'

const listeners = new WeakMap<Bus, Set<() => void>>()

/** Runs when a stop of the bus begins, whoever asks for it. Returns what ends that. */
export function onStop(bus: Bus, run: () => void): () => void {
  const others = listeners.get(bus)
  const all = others ?? new Set()
  if (others === undefined) listeners.set(bus, all)
  all.add(run)
  return () => void all.delete(run)
}

export function stopBegins(bus: Bus): void {
  for (const run of listeners.get(bus) ?? []) run()
}
