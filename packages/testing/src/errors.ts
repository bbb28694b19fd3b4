import { WaybillError } from '@waybill/core'
import type { Stuck } from './stuck.js'
import { tableOf } from './table.js'

/** `settled()` has found work that makes no progress while time stands still. `stuck` is the table. */
export class StuckError extends WaybillError {
  readonly stuck: readonly Stuck[]

  constructor(stuck: readonly Stuck[], { turns, realMs }: { readonly turns: number; readonly realMs: number }) {
    super(
      'StuckError',
      'WAYBILL_STUCK',
      `Stuck: ${stuck.length}. Nothing has happened for ${turns} turns of the event loop and ${Math.round(realMs)} ms\n${tableOf(stuck)}\n${advice(stuck)}`,
    )
    this.stuck = stuck
  }
}

/** Work that makes new work without end: `settled()` and `advance()` would never return. */
export class EndlessError extends WaybillError {
  constructor(deliveries: number, last: string) {
    super(
      'EndlessError',
      'WAYBILL_ENDLESS',
      `Still busy after ${deliveries} deliveries, the last of ${last}. Look for messages that cause each other, or raise { deliveries }`,
    )
  }
}

function advice(stuck: readonly Stuck[]): string {
  const waitsForCode = stuck.some(({ what }) => what === 'handler' || what === 'call')
  const code = 'Resolve what a handler waits for, or raise { within } where its I/O is slow'
  return waitsForCode ? `${code}; what waits for time goes on with advance()` : 'What waits for time goes on with advance()'
}
