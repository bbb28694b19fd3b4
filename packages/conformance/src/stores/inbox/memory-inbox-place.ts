import { memoryInbox } from '@waybill/core/memory'
import { virtualClock } from '@waybill/core/runtime'
import type { InboxPlace } from './inbox-place.js'

/** The inbox in memory, on virtual time. */
export async function memoryInboxPlace(): Promise<InboxPlace> {
  const clock = virtualClock()
  const inbox = memoryInbox({ clock, retention: '7d' })
  return {
    retentionMs: 7 * 86_400_000,
    now: () => clock.now(),
    advance: (ms) => clock.advance(ms),
    open: () => Promise.resolve(inbox),
    kill: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}
