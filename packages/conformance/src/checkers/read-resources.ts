import { EventEmitter, getEventListeners } from 'node:events'

/** Something that counts for itself, or on which listeners may be left. */
export type Watched = EventEmitter | AbortSignal | (() => number)

/** What the process holds at this moment, by name, and the listeners on what is watched. Requests that are under way and immediates are not counted: they end by themselves. */
export function readResources(watched: Readonly<Record<string, Watched>> = {}): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { 'listeners of process': listenersOf(process) }
  for (const name of process.getActiveResourcesInfo()) if (!passing.test(name)) counts[name] = (counts[name] ?? 0) + 1
  for (const [name, each] of Object.entries(watched)) counts[name] = typeof each === 'function' ? each() : listenersOf(each)
  return counts
}

const passing = /Req|Immediate|TickObject|Microtask/

const listenersOf = (of: EventEmitter | AbortSignal): number =>
  of instanceof EventEmitter ? of.eventNames().reduce((sum, name) => sum + of.listenerCount(name), 0) : getEventListeners(of, 'abort').length
