import { observe } from '@waybill/core/runtime'
import { batchHeader } from './batch.js'
import type { Tally } from './tally.js'

/** The dead letters of a batch, by what failed: `CardDeclined in payments/ChargeCard`. */
export interface DeadLetters {
  readonly counts: ReadonlyMap<string, number>
  stop(): void
}

/** Counts each dead letter when its copy is confirmed at the dead-letter endpoint. */
export function countDeadLetters(tally: Tally, batch: string): DeadLetters {
  const counts = new Map<string, number>()
  const stop = observe('deadLetter', ({ endpoint, handler, reason, envelope, error }) => {
    if (envelope.headers[batchHeader] !== batch) return
    const what = `${error instanceof Error ? error.name : reason} in ${endpoint}/${handler}`
    counts.set(what, (counts.get(what) ?? 0) + 1)
    const orderId = orderIdOf(envelope.body)
    if (orderId !== undefined) tally.deadLettered(orderId)
  })
  return { counts, stop }
}

/** Every message of this flow names its order; a dead letter may be anything. */
function orderIdOf(body: Uint8Array | null): string | undefined {
  if (body === null) return undefined
  try {
    const data: unknown = JSON.parse(new TextDecoder().decode(body))
    return typeof data === 'object' && data !== null && 'orderId' in data && typeof data.orderId === 'string' ? data.orderId : undefined
  } catch {
    return undefined
  }
}
