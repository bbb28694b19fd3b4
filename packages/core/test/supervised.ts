import type { SupervisedWork } from '../src/contract/index.js'
import { createSupervisors, type Supervisors } from '../src/runtime/supervisor.js'
import { virtualClock, type VirtualClock } from '../src/runtime/virtual-clock.js'
import { recordingLogger, type RecordingLogger } from './recording-logger.js'

export interface Attempt {
  readonly atMs: number
  readonly opens: () => void
  readonly fails: (cause: unknown) => void
  readonly lost: (cause?: unknown) => void
}

export interface Supervised {
  readonly clock: VirtualClock
  readonly logger: RecordingLogger
  readonly supervisors: Supervisors
  readonly work: SupervisedWork
  readonly attempts: readonly Attempt[]
  readonly state: { open: number; closes: number }
  readonly last: () => Attempt
}

/** Work whose openings the test decides, and which counts what is open. */
export function supervised(init: { readonly random?: () => number; readonly stallMs?: number; readonly close?: () => Promise<void> } = {}): Supervised {
  const clock = virtualClock()
  const logger = recordingLogger()
  const supervisors = createSupervisors({ clock, logger, random: init.random ?? (() => 0) })
  const attempts: Attempt[] = []
  const state = { open: 0, closes: 0 }
  const work: SupervisedWork = {
    name: 'the connection',
    ...(init.stallMs === undefined ? {} : { stallMs: init.stallMs }),
    open(lost) {
      const { promise, resolve, reject } = Promise.withResolvers<() => Promise<void>>()
      attempts.push({
        atMs: clock.now(),
        opens() {
          state.open += 1
          resolve(async () => {
            state.closes += 1
            await init.close?.()
            state.open -= 1
          })
        },
        fails: reject,
        lost(cause = new Error('reset by peer')) {
          state.open -= 1
          lost(cause)
        },
      })
      return promise
    },
  }
  const last = (): Attempt => attempts.at(-1) as Attempt
  return { clock, logger, supervisors, attempts, state, work, last }
}
