import type { PauseReason } from '../incoming/index.js'
import type { ScheduleHealth } from '../schedule/index.js'
import type { BusParts } from './stop-parts.js'

/** What one endpoint does now. */
export interface EndpointHealth {
  readonly name: string
  /** Handlers that run now. */
  readonly running: number
  /** Deliveries that wait here for a place or for their key. */
  readonly waiting: number
  readonly paused: readonly PauseReason[]
}

/** What is open, what runs and what waits, at the moment of the call. */
export interface BusHealth {
  /** `ok`: everything is open; `degraded`: something is paused or down and is tried again; `failed`: it will not come back by itself; the rest are states of the bus. */
  readonly status: 'ok' | 'degraded' | 'failed' | 'new' | 'starting' | 'stopping' | 'stopped'
  readonly transport: string
  /** Connections, channels, consumers. */
  readonly connections: readonly { readonly name: string; readonly state: 'open' | 'opening' | 'down' | 'failed'; readonly sinceMs: number }[]
  readonly endpoints: readonly EndpointHealth[]
  /** What the messages of the schedule store do. Absent where the bus has none. */
  readonly schedule?: ScheduleHealth
  /** What waits for the broker's confirm. */
  readonly sending: { readonly messages: number; readonly bytes: number }
  /** Calls that wait for a reply, for answers or for an event. */
  readonly requests: number
}

export function healthOf({ scope, guard, supervisors, answers, schedule, workers }: BusParts): BusHealth {
  const connections = supervisors.status().map(({ name, state, sinceMs }) => ({ name, state, sinceMs }))
  const endpoints = workers.map(({ setup, running, waiting, pause }) => ({ name: setup.name, running, waiting, paused: pause.reasons }))
  const stored = schedule?.health
  const held = stored !== undefined && (stored.store === 'down' || stored.refused > 0)
  const degraded = held || connections.some(({ state }) => state !== 'open') || endpoints.some(({ paused }) => paused.length > 0)
  const failed = connections.some(({ state }) => state === 'failed')
  return {
    status: failed ? 'failed' : scope.stopping ? 'stopping' : degraded ? 'degraded' : 'ok',
    transport: guard.name,
    connections,
    endpoints,
    sending: guard.pending,
    requests: answers.waiting,
    ...(stored && { schedule: stored }),
  }
}
