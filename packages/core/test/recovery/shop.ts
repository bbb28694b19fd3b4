import { z } from 'zod'
import { Command, Event, handle, MessageContext, on, UnrecoverableError, InvalidMessageError, type HandlerEntry } from '../../src/index.js'
import type { VirtualClock } from '../../src/runtime/index.js'
import { policies, type HandlerRun, type Schedule, type ScheduledMessage } from './schedule.js'

const fields = z.object({ id: z.string(), key: z.string() })
const reply = z.object({ done: z.boolean() })
class Job extends Command('shop.job', fields) {}
class Asked extends Command('shop.asked', fields, { reply }) {}
class Came extends Event('shop.came', fields) {}
class Step extends Command('flow.job', fields, { key: 'key', ordered: true }) {}
class Questioned extends Command('flow.asked', fields, { key: 'key', ordered: true, reply }) {}
class Moved extends Event('flow.came', fields, { key: 'key', ordered: true }) {}
/** What handlers send: to an endpoint that keeps it for who looks. */
export class Told extends Command('far.told', z.object({ name: z.string() })) {}

const types = { job: 'job', event: 'came', request: 'asked' } as const

export const endpointOf = ({ ordered }: Schedule): string => (ordered ? 'flow' : 'shop')
export const typeOf = (schedule: Schedule, { kind }: ScheduledMessage): string => `${endpointOf(schedule)}.${types[kind]}`
/** Who handles it. An event has two. */
export const handlersOf = (type: string): readonly string[] => (type.endsWith('.came') ? ['a', 'b'] : [type])

/** One handler of one message: what must be done, or kept. */
export class Work {
  readonly name: string
  readonly script: readonly HandlerRun[]
  /** Of every run that ended well in time: what it sent. */
  readonly successes: (readonly string[])[] = []
  /** Runs that began. */
  runs = 0
  /** Runs that threw, or ended after their deadline, while nothing took their delivery away. */
  failures = 0
  /** A run threw what no retry mends. */
  hopeless = false
  /** Its row in the inbox says that it is done. */
  isMarked = false
  /** Runs that began although the row said so. */
  runsAfterMark = 0
  /** A message of it has met a broker that will never take it. */
  undeliverable = false

  constructor(name: string, script: readonly HandlerRun[]) {
    this.name = name
    this.script = script
  }
}

export const handlerTimeoutMs = 2_000
const wellDone: HandlerRun = { sends: 1, ms: 0, end: 'ok' }

export interface ShopState {
  readonly clock: VirtualClock
  readonly works: ReadonlyMap<string, Work>
  /** From here on every run is well. */
  isCalm: boolean
}

/** One life of the service, from start to stop. */
export interface Life {
  isStopping: boolean
  /** How often it has lost its connection, and with it all that it held. */
  cuts: number
}

/** The handlers of a schedule in one life; what they come to is written down by themselves. */
export function handlersFor(schedule: Schedule, state: ShopState, life: Life): HandlerEntry[] {
  const { retry } = policies[schedule.policy] ?? policies[0]
  const options = { retry, timeout: `${handlerTimeoutMs}ms` } as const
  const work = (handler: string, { id }: { readonly id: string }, context: MessageContext): Promise<void> =>
    runOnce({ state, life, work: state.works.get(`${id} ${handler}`) as Work }, context)
  const answer = (handler: string, message: { readonly id: string }, context: MessageContext): Promise<{ done: boolean }> =>
    work(handler, message, context).then(() => ({ done: true }))
  return schedule.ordered
    ? [
        handle(Step, options, (message, context) => work('flow.job', message, context)),
        handle(Questioned, options, (message, context) => answer('flow.asked', message, context)),
        on(Moved, { id: 'a', ...options }, (message, context) => work('a', message, context)),
        on(Moved, { id: 'b', ...options }, (message, context) => work('b', message, context)),
      ]
    : [
        handle(Job, options, (message, context) => work('shop.job', message, context)),
        handle(Asked, options, (message, context) => answer('shop.asked', message, context)),
        on(Came, { id: 'a', ...options }, (message, context) => work('a', message, context)),
        on(Came, { id: 'b', ...options }, (message, context) => work('b', message, context)),
      ]
}

interface Run {
  readonly state: ShopState
  readonly life: Life
  readonly work: Work
}

async function runOnce({ state, life, work }: Run, context: MessageContext): Promise<void> {
  const { clock } = state
  const { sends, ms, end } = state.isCalm ? wellDone : (work.script[work.runs] ?? wellDone)
  work.runs += 1
  if (work.isMarked) work.runsAfterMark += 1
  const startedAt = clock.now()
  const { cuts } = life
  // What fails because the bus stops, or after the lock was lost, is no failure.
  const failed = (): void => void (work.failures += life.isStopping || life.cuts > cuts ? 0 : 1)
  const sent = Array.from({ length: sends }, (_, index) => `${work.name} #${index}`)
  for (const name of sent) await context.send(new Told({ name }), { headers: { name } })
  const rest = end === 'overruns' ? handlerTimeoutMs + 1_000 : ms
  if (rest > 0) await new Promise<void>((resolve) => void clock.after(rest, resolve))
  switch (end) {
    case 'ok':
      work.successes.push(sent)
      return
    case 'overruns':
      failed()
      return
    case 'throws':
      failed()
      throw new Error('again, perhaps')
    case 'unrecoverable':
      work.hopeless = true
      throw new UnrecoverableError('never')
    case 'message-error':
      work.hopeless = true
      throw new InvalidMessageError('shop.other', [])
    case 'never-ends':
      return new Promise<void>(() => undefined)
    case 'until-aborted':
      return new Promise<void>((_, reject) => {
        const abort = (): void => {
          if (clock.now() - startedAt >= handlerTimeoutMs) failed()
          reject(context.signal.reason as Error)
        }
        if (context.signal.aborted) abort()
        else context.signal.addEventListener('abort', abort, { once: true })
      })
  }
}
