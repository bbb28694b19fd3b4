import type { Broker } from './broker.js'
import type { Queue } from './queue.js'
import type { Stored } from './stored.js'

interface InQueue {
  readonly stored: Stored
  readonly state: 'ready' | 'unsettled' | 'delayed'
}

/** Everything that a queue has, in the order of its places, then what is delayed, by time. */
export function messagesOf(broker: Broker, queue: Queue): InQueue[] {
  const placed: InQueue[] = [...queue.ready].map((stored) => ({ stored, state: 'ready' }))
  for (const { held } of queue.consumers) for (const stored of held) placed.push({ stored, state: 'unsettled' })
  const delayed: InQueue[] = broker.delayed.filter((entry) => entry.queue === queue).map(({ stored }) => ({ stored, state: 'delayed' }))
  return [...placed.toSorted((a, b) => a.stored.position - b.stored.position), ...delayed]
}
