import type { Capabilities, Stores } from '../contract/index.js'
import { choosePrefetch } from './prefetch.js'
import type { Provided, ReportRow, Requirement } from './requirement.js'

/** How the weakest transport does what a field does not say. */
export const weakestLockMs = 30_000

/** What the needs of a bus are met with. */
export interface Provider {
  readonly capabilities: Capabilities
  readonly stores: Stores
}

/** Compares one requirement with what transport and stores have, never silently less. */
export function provide(requirement: Requirement, provider: Provider): ReportRow {
  const { capabilities } = provider
  const row = (provided: Provided, detail: string, fix?: string): ReportRow => {
    const { need, by } = requirement
    return fix === undefined ? { need, by, provided, detail } : { need, by, provided, detail, fix }
  }
  switch (requirement.need) {
    case 'own address':
      return capabilities.privateAddress === true
        ? row('native', 'every endpoint has an address of its own')
        : row('impossible', 'endpoints have no address: copies and dead letters have nowhere to go', 'Choose a transport with private addresses.')
    case 'delayed retry':
      return delayedRetry(requirement, provider, row)
    case 'order by key': {
      const unit = capabilities.ordering?.unit ?? 'none'
      if (unit === 'none')
        return row(
          'impossible',
          `nothing keeps messages with one ${requirement.key} in order`,
          'Remove { ordered: true } from the declaration, or choose a transport that orders by key.',
        )
      return unit === 'key'
        ? row('native', `key ${requirement.key}; more consumers: ${capabilities.ordering?.scaleOut ?? 'none'}`)
        : row('degraded', 'the whole endpoint is one order: one message at a time')
    }
    case 'one log':
      return row(
        'degraded',
        `order by key holds within a topic only, and these are ${requirement.topics.length}: ${requirement.topics.join(', ')}. Give types that must stay in order the same topic`,
      )
    case 'waits in order': {
      const holdMs = (capabilities.lockMs ?? weakestLockMs) / 2
      const detail = `its delayed retries take ${requirement.totalMs} ms`
      return requirement.totalMs > holdMs
        ? row(
            'impossible',
            `${detail}, and the head of a key may hold it for half of the lock: ${holdMs} ms`,
            `Keep their sum at most ${holdMs}ms, or give the handler an endpoint without order.`,
          )
        : row('native', `${detail}, and hold its key meanwhile`)
    }
    case 'replies': {
      const replies = capabilities.replies ?? 'none'
      return replies === 'none'
        ? row('impossible', 'there is no way back to a requester', 'Answer with an event, or choose a transport with replies.')
        : row(replies === 'temporary' ? 'native' : 'emulated', `${replies} reply address`)
    }
    case 'awaited events':
      return row('native', 'the topic also goes to each instance that waits, as long as it runs; no reply address is needed')
    case 'message size': {
      const limits = capabilities.limits
      const [endpoint, topic] = [limits?.endpoint.messageBytes ?? 65_536, limits?.topic.messageBytes ?? 65_536]
      return row(Math.min(endpoint, topic) < 262_144 ? 'degraded' : 'native', `at most ${bytes(endpoint)} to an endpoint, ${bytes(topic)} to a topic`)
    }
    case 'unroutable':
      return capabilities.unroutable === 'detected'
        ? row('native', 'a command for an endpoint that does not exist is refused')
        : row('degraded', 'a command for an endpoint that does not exist is lost without an error')
    case 'crash quarantine':
      return capabilities.deliveryCount === 'crashes'
        ? row('native', 'a message that kills its process is dead-lettered after 6 deliveries')
        : row('degraded', 'not provided: the broker does not count crashes alone')
    case 'idempotency': {
      const forgets = requirement.durability === 'process' && capabilities.durability === 'broker' && !requirement.acceptsMemory
      return forgets
        ? row(
            'impossible',
            'its inbox lives in this process, and the broker delivers again what came before a restart',
            'Pass a store that survives it: stores: { inbox: postgres(…) }; or idempotency({ acceptMemory: true }) for tests.',
          )
        : row('degraded', 'an inbox without an outbox sends before it marks: a crash in between repeats the handler, and loses nothing')
    }
    case 'lock': {
      const lockMs = capabilities.lockMs ?? weakestLockMs
      return choosePrefetch(1, requirement.handlerTimeoutMs, lockMs) === undefined
        ? row(
            'impossible',
            `the lock lasts ${lockMs} ms, and a handler may run ${requirement.handlerTimeoutMs} ms`,
            `Set handlerTimeout to at most ${Math.floor(lockMs / 2)}ms.`,
          )
        : row('native', lockMs === Number.POSITIVE_INFINITY ? 'as long as the connection' : `${lockMs} ms`)
    }
    case 'durability':
      return capabilities.durability === 'broker'
        ? row('native', 'accepted messages survive the broker')
        : row('degraded', 'accepted messages are lost when this process ends')
    case 'schedule': {
      const { schedule } = provider.stores
      const late = schedule?.watch === undefined ? `at most ${requirement.pollMs} ms late where another instance stored it` : 'at its time'
      return schedule?.durability !== 'disk' && capabilities.durability === 'broker'
        ? row('degraded', 'the broker outlives this process, and what waits in the schedule store is lost with it')
        : row('emulated', `what the broker cannot delay, and what may be cancelled, waits in the schedule store and leaves ${late}`)
    }
  }
}

function delayedRetry(
  requirement: Requirement & { readonly need: 'delayed retry' },
  { capabilities, stores }: Provider,
  row: (provided: Provided, detail: string, fix?: string) => ReportRow,
): ReportRow {
  const delay = capabilities.delay?.endpoint ?? 'none'
  const wanted = requirement.delaysMs.map((ms) => `${ms}ms`).join(' ')
  const longest = Math.max(...requirement.delaysMs)
  if (stores.schedule !== undefined && (delay === 'none' || longest > delay.maxMs)) {
    return row('emulated', delay === 'none' ? `${wanted}, by the schedule store` : `${wanted}; beyond ${delay.maxMs} ms by the schedule store`)
  }
  if (delay === 'none') {
    if (requirement.asked === 'default') return row('degraded', 'the broker has no delay: immediate retries only, then the dead letter')
    return row(
      'impossible',
      `the broker has no delay, and ${wanted} is asked for`,
      'Use { retry: { immediate: 2, delayed: [] } }, start the bus with a schedule store, or choose a transport that delays.',
    )
  }
  return longest > delay.maxMs ? row('emulated', `${wanted}, in hops of ${delay.maxMs} ms`) : row('native', `${wanted}, at most ${delay.resolutionMs} ms late`)
}

function bytes(count: number): string {
  return count >= 1_048_576 ? `${Math.floor(count / 1_048_576)} MiB` : `${Math.floor(count / 1_024)} KiB`
}
