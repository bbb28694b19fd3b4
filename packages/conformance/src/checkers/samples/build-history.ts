import type { DeadLettered, Delivered, Fact, FaultBegan, HistoryEvent, PublishEnded, PublishStarted, Started } from '../../history/history.js'

interface Wait {
  readonly wait: number
}
type Step = Fact | Wait | readonly Step[]

/** Puts facts into a history, a moment's wait between two moments. It begins at 0. */
export function historyOf(...steps: readonly Step[]): readonly HistoryEvent[] {
  let at = 0
  const events: HistoryEvent[] = []
  for (const step of flat(steps)) {
    if ('wait' in step) at += step.wait
    else events.push({ ...step, seq: events.length + 1, at })
  }
  return events
}

function* flat(steps: readonly Step[]): Generator<Fact | Wait> {
  for (const step of steps) {
    if (isList(step)) yield* flat(step)
    else yield step
  }
}
const isList = (step: Step): step is readonly Step[] => Array.isArray(step)

export const wait = (ms: number): Wait => ({ wait: ms })

const where = { endpoint: 'orders', instance: 'a' }

/** A call of `send` and its outcome. */
export const sent = (message: string, init: Partial<PublishStarted> = {}, outcome: PublishEnded['outcome'] = 'confirmed'): readonly Fact[] => [
  { kind: 'publish-started', message, to: 'orders', instance: 'p', sequence: 1, ...init },
  { kind: 'publish-ended', message, outcome },
]

/** A delivery, which is called `d-<message>` where nothing else is said. */
export const came = (message: string, init: Partial<Delivered> = {}): Fact => ({ kind: 'delivered', delivery: `d-${message}`, message, ...where, ...init })

/** A run, which is called after its delivery. */
export const began = (message: string, init: Partial<Started> = {}): Fact => ({
  kind: 'started',
  run: `r-${init.delivery ?? `d-${message}`}`,
  delivery: `d-${message}`,
  message,
  ...where,
  handler: 'h',
  attempt: 1,
  ...init,
})
export const ended = (run: string, outcome: 'succeeded' | 'failed' | 'abandoned' = 'succeeded'): Fact => ({ kind: 'ended', run, outcome })
export const settled = (delivery: string, disposition: 'accepted' | 'released' = 'accepted'): Fact => ({ kind: 'settled', delivery, disposition })

/** Delivered, run once, and accepted. */
export const handled = (message: string, init: Partial<Started> = {}): readonly Fact[] => {
  const delivery = init.delivery ?? `d-${message}`
  const { endpoint = where.endpoint, instance = where.instance } = init
  const key = init.key === undefined ? {} : { key: init.key }
  return [came(message, { delivery, endpoint, instance, ...key }), began(message, init), ended(init.run ?? `r-${delivery}`), settled(delivery)]
}

/** Delivered, run once without success, and accepted, for something else keeps it. */
export const failed = (message: string, init: Partial<Started> = {}): readonly Fact[] => {
  const delivery = init.delivery ?? `d-${message}`
  return [came(message, { delivery }), began(message, init), ended(init.run ?? `r-${delivery}`, 'failed'), settled(delivery)]
}
export const deadLettered = (message: string, init: Partial<DeadLettered> = {}): Fact => ({
  kind: 'dead-lettered',
  message,
  endpoint: 'orders',
  handler: 'h',
  reason: 'failed',
  ...init,
})
export const fault = (inFlight: number, init: Partial<FaultBegan> = {}): Fact => ({
  kind: 'fault-began',
  fault: 'f',
  what: 'connections killed',
  evidence: '1 closed',
  inFlight,
  ...init,
})
export const healed: Fact = { kind: 'fault-ended', fault: 'f' }
