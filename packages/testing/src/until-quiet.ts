import type { VirtualClock } from '@waybill/core/runtime'
import { EndlessError } from './errors.js'
import type { Load } from './load.js'
import { realNow, turn } from './real-time.js'
import type { Recorder } from './recorder.js'

/** What a call of the harness may spend. */
export interface Patience {
  /** Of the machine's time, for code of the service that announces nothing. */
  readonly withinMs: number
  /** Spent: what does not answer now is not waited for again. */
  spent: boolean
  /** Deliveries until it counts as endless. */
  readonly deliveries: number
  /** Of the recorder, at the beginning. */
  readonly deliveriesBefore: number
}

export type Verdict = { readonly quiet: true } | { readonly quiet: false; readonly turns: number; readonly realMs: number }

/** What needs no I/O is done within one turn; the second one sees that nothing came of it. */
const calmTurns = 2
/** In so many turns everything but real I/O has happened. */
const stuckTurns = 10
const quiet: Verdict = { quiet: true }

/** Resolves when nothing is under way in virtual time, or nothing goes on any more. Runs what is due now; the clock stands still. */
export async function untilQuiet(
  { clock, recorder, load }: { readonly clock: VirtualClock; readonly recorder: Recorder; readonly load: () => Load },
  patience: Patience,
): Promise<Verdict> {
  let seen = recorder.events
  let calm = 0
  let lastEventMs = realNow()
  for (;;) {
    await turn()
    calm += 1
    if ((clock.waiting.next ?? Number.POSITIVE_INFINITY) <= clock.now()) {
      recorder.tick()
      await clock.advance(0)
    }
    if (recorder.events !== seen) {
      seen = recorder.events
      calm = 0
      lastEventMs = realNow()
      checkEnd(recorder, patience)
      continue
    }
    const { nothing, codeMayRun } = load()
    if (nothing && calm >= calmTurns) return quiet
    if (nothing || calm < stuckTurns) continue
    const realMs = realNow() - lastEventMs
    if (!codeMayRun || patience.spent) return { quiet: false, turns: calm, realMs }
    if (realMs < patience.withinMs) await recorder.next(patience.withinMs - realMs)
    else patience.spent = true
  }
}

function checkEnd({ deliveries, last }: Recorder, patience: Patience): void {
  const since = deliveries - patience.deliveriesBefore
  if (since > patience.deliveries) throw new EndlessError(since, last)
}
