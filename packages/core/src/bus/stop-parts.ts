import { causeText, StoppedError } from '../errors/index.js'
import type { EndpointWorker, Unfinished } from '../incoming/index.js'
import type { Answers } from '../requests/index.js'
import { aborted } from '../runtime/aborted.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import type { Supervisors } from '../runtime/supervisor.js'
import type { Schedule } from '../schedule/index.js'

/** What a started bus is made of. */
export interface BusParts {
  readonly scope: BusScope
  readonly guard: GuardedTransport
  readonly supervisors: Supervisors
  readonly answers: Answers
  readonly schedule: Schedule | undefined
  workers: readonly EndpointWorker[]
}

/** After a stop's time-out, and for a close, a transport has this long to answer. */
const patienceMs = 10_000

/** Running handlers end, what has not started goes back, answers end, what is pending leaves, the transport closes. What fails or hangs in it is logged, and keeps nothing behind it from ending. */
export async function stopParts(parts: BusParts, timeoutMs: number): Promise<readonly Unfinished[]> {
  const { scope, guard, schedule, answers, workers } = parts
  const grace = new AbortController()
  const { signal } = grace
  const untilMs = scope.clock.now() + timeoutMs + patienceMs
  let unfinished: readonly Unfinished[] = []
  const timer = scope.clock.after(timeoutMs, () => {
    unfinished = workers.flatMap((worker) => worker.abandon())
    grace.abort(new StoppedError(scope.bus))
  })
  scope.stopping = true
  const dispatched = schedule?.stop(signal)
  // It is awaited later, and may fail before.
  dispatched?.catch(() => undefined)
  await Promise.race([Promise.all(workers.map((worker) => worker.drain())), aborted(signal)])
  const ended = (works: readonly (Promise<unknown> | undefined)[]): Promise<void> => end(parts, { what: 'stop', untilMs }, works)
  await ended(workers.map((worker) => worker.stop(signal)))
  answers.end()
  await ended([answers.stop(signal), dispatched])
  await ended([guard.drain(signal), schedule?.drain(signal)])
  timer.cancel()
  await closeParts(parts)
  return unfinished
}

/** The end of a stop, and of a start that has failed. */
export async function closeParts(parts: BusParts): Promise<void> {
  const { scope, guard, supervisors, schedule, answers } = parts
  answers.end()
  schedule?.close()
  await end(parts, { what: 'close', untilMs: scope.clock.now() + patienceMs }, [guard.close()])
  await supervisors.stopAll()
}

/** A transport that fails, or does not answer, must not keep the process from ending. */
async function end(
  { scope, guard }: BusParts,
  { what, untilMs }: { readonly what: string; readonly untilMs: number },
  works: readonly (Promise<unknown> | undefined)[],
): Promise<void> {
  const facts = { bus: scope.bus, transport: guard.name }
  const hung = Promise.withResolvers<'hung'>()
  const timer = scope.clock.after(untilMs - scope.clock.now(), () => hung.resolve('hung'))
  const ends = works.map(async (work) => {
    try {
      await work
    } catch (error) {
      scope.logger.warn({ ...facts, error: causeText(error) }, `${guard.name} failed in its ${what}: ${causeText(error)}`)
    }
  })
  if ((await Promise.race([Promise.all(ends), hung.promise])) === 'hung') scope.logger.warn(facts, `${guard.name} does not end its ${what}: it is left behind`)
  timer.cancel()
}
