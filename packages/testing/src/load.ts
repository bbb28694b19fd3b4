import type { Bus } from '@waybill/core'
import type { MemoryBroker } from '@waybill/core/memory'
import type { Recorder } from './recorder.js'

/** Where a harness finds what is under way. */
export interface Watched {
  readonly broker: MemoryBroker
  readonly buses: readonly Bus[]
  readonly recorder: Recorder
  /** Calls of the harness that have not returned. */
  readonly calls: ReadonlySet<Call>
}

export interface Call {
  readonly verb: 'send' | 'publish'
  readonly type: string
  readonly sinceMs: number
}

/** What is under way at one moment, as far as it decides whether to wait. */
export interface Load {
  /** Nothing is: what there may be waits for its time. */
  readonly nothing: boolean
  /** Code of the service may be running, and so real I/O. All else happens within the turns of the event loop, or waits for the clock. */
  readonly codeMayRun: boolean
}

export function loadOf({ broker, buses, recorder, calls }: Watched): Load {
  const healths = buses.map((bus) => bus.health())
  const sending = sum(healths.map((health) => health.sending.messages))
  // A send that was refused for good announces nothing more.
  if (sending === 0) recorder.refused.clear()
  const requests = sum(healths.map((health) => health.requests))
  if (requests === 0) recorder.requests.clear()
  // What waits in a schedule store waits for its time; on its way in or out it is work.
  const storing = sum(healths.map(({ schedule }) => schedule?.adding ?? 0))
  const dispatching = sum(healths.map(({ schedule }) => schedule?.sending ?? 0))
  const busy = busyEndpoints({ broker, recorder })
  const inLine = sum(healths.flatMap(({ endpoints }) => endpoints.map(({ waiting }) => waiting)))
  const unsettled = sum(broker.entities().endpoints.map(({ name }) => broker.depth(name).unsettled))
  const runsCode = [...recorder.runs.values()].some(({ waitsFor }) => waitsFor === 'code')
  // What no run explains is in a step before the first event: a reply in its wire steps.
  const codeMayRun = runsCode || unsettled > recorder.runs.size + inLine || calls.size > sending || storing > 0
  return { nothing: busy.length === 0 && sending + storing + dispatching + requests + calls.size === 0, codeMayRun }
}

/**
 * The endpoints with work that needs no time. Where a message waits in its place, for its retry or for its turn at a limit,
 * what is behind it waits with it. Without a consumer there is nobody who works.
 */
export function busyEndpoints({ broker, recorder }: Pick<Watched, 'broker' | 'recorder'>): readonly string[] {
  return broker
    .entities()
    .endpoints.map(({ name }) => name)
    .filter((name) => {
      const runs = [...recorder.runs.values()].filter(({ endpoint }) => endpoint === name)
      const active = runs.filter(({ waitsFor }) => waitsFor !== 'retry' && waitsFor !== 'turn').length
      if (active < runs.length || broker.consumerCount(name) === 0) return active > 0
      const { ready, unsettled } = broker.depth(name)
      return ready + unsettled + active > 0
    })
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
