import type { Bus } from '@waybill/core'
import type { Clock } from '@waybill/core/contract'
import { batchHeader } from '../flow/batch.js'
import type { Tally } from '../flow/tally.js'
import type { PlaceOrder } from '../orders/messages.js'

/** Orders that are on their way at once: more would only wait in the queues. */
const underWay = 16

export interface PlaceOptions {
  readonly batch: string
  /** The id of this order's command is `conversation`: known before it is sent. */
  readonly followed: PlaceOrder | undefined
  readonly conversation: string
  readonly tally: Tally
  readonly signal: AbortSignal
  /** Gives up when no order came to its end for so long. */
  readonly stallMs: number
  readonly clock: Clock
  readonly onProgress: () => void
}

/** Sends the orders and waits until each is shipped or dead-lettered (`done`), or until nothing happens any more (`stalled`). */
export async function placeOrders(bus: Pick<Bus, 'send'>, orders: readonly PlaceOrder[], options: PlaceOptions): Promise<'done' | 'stalled'> {
  const { batch, followed, conversation, tally, signal, stallMs, clock, onProgress } = options
  const headers = { [batchHeader]: batch }
  // One iterator for all: each takes the next order that nobody has taken.
  const rest = orders.values()
  const placeNext = async (): Promise<void> => {
    for (const order of rest) {
      if (signal.aborted) throw signal.reason
      const ended = tally.sending(order.orderId)
      const sent = bus.send(order, order === followed ? { headers, id: conversation } : { headers })
      await Promise.all([sent, ended])
      watch.cancel()
      watch = clock.after(stallMs, stalled)
      onProgress()
    }
  }
  const stalled = (): void => tally.giveUp(new Stalled('no order came to its end'))
  const interrupted = (): void => tally.giveUp(signal.reason as Error)
  let watch = clock.after(stallMs, stalled)
  signal.addEventListener('abort', interrupted, { once: true })
  try {
    await Promise.all(Array.from({ length: underWay }, placeNext))
    return 'done'
  } catch (error) {
    if (error instanceof Stalled) return 'stalled'
    throw error
  } finally {
    watch.cancel()
    signal.removeEventListener('abort', interrupted)
  }
}

class Stalled extends Error {}
