import type { RawEnvelope } from '../harness/harness.js'

/** What a command of another system says of itself: as much as Waybill needs to read it, and an id has still to be added. */
export const foreign: RawEnvelope = {
  type: 'orders.cancel',
  version: 1,
  source: 'elsewhere',
  time: '2026-01-01T00:00:00Z',
  contentType: 'application/json',
  kind: 'command',
}
