import type { Depth } from '@waybill/core/contract'
import type { Place } from '../harness/harness.js'
import type { HistoryRecorder } from '../recorder/history-recorder.js'
import type { Buses } from './buses.js'
import type { Pacer } from './pacer.js'

/** Where `quiet` looks, and how long it may take. */
export interface QuietOptions {
  /** @default every endpoint that a bus of the scenario has or had */
  readonly endpoints?: readonly string[]
  /** How long it may take until nothing is left. @default two hours of virtual time, a minute of real time */
  readonly withinMs?: number
  /** Whether fresh instances of the buses that run look for what is left. @default true */
  readonly drain?: boolean
}

interface Parts {
  readonly place: Place
  readonly recorder: HistoryRecorder
  readonly buses: Buses
  readonly pacer: Pacer
}

/** How long nothing may come: longer than any poll takes. */
export const windowMs = ({ pollMs = 0 }: Place): number => Math.max(2_000, 3 * pollMs)

/** What a wait for quiet has last seen, for its failure. */
export interface QuietState {
  quiet: boolean
  text: string
}

/** Nothing is ready, unsettled or delayed at any of the endpoints, as their broker says, no bus is sending, and nothing has come for a whole window. */
export async function untilQuiet({ place, recorder, buses, pacer }: Parts, endpoints: readonly string[], withinMs: number): Promise<QuietState> {
  const state: QuietState = { quiet: false, text: 'nothing was read' }
  const window = windowMs(place)
  const endsAt = pacer.now() + withinMs
  for (;;) {
    const isIdle = await pacer.wait(endsAt - pacer.now(), () => isEmpty(state, { place, recorder, buses }, endpoints))
    if (!isIdle) return state
    const seen = recorder.events.deliver.length
    await pacer.wait(window, () => recorder.events.deliver.length !== seen)
    if (recorder.events.deliver.length === seen && (await isEmpty(state, { place, recorder, buses }, endpoints))) {
      state.quiet = true
      return state
    }
  }
}

async function isEmpty(state: QuietState, { place, recorder, buses }: Omit<Parts, 'pacer'>, endpoints: readonly string[]): Promise<boolean> {
  const depths = await Promise.all(endpoints.map(async (name) => ({ name, depth: await depthOf(place, name) })))
  const left = depths.filter(({ depth: { ready, unsettled, delayed } }) => ready + unsettled + delayed > 0)
  const sending = buses.running.reduce((sum, bus) => sum + bus.health().sending.messages, 0)
  const inFlight = recorder.open.unsettled()
  state.text = [
    ...left.map(({ name, depth }) => `${name}: ${depth.ready} ready, ${depth.unsettled} unsettled, ${depth.delayed} delayed`),
    ...(inFlight > 0 ? [`${inFlight} deliveries without an answer`] : []),
    ...(sending > 0 ? [`${sending} messages not confirmed`] : []),
  ].join('; ')
  return state.text === ''
}

/** An endpoint that was removed has nothing; any other depth that cannot be read is an error, never 0. */
async function depthOf(place: Place, endpoint: string): Promise<Depth> {
  const { endpoints } = await place.doors.entities()
  if (!endpoints.some(({ name }) => name === endpoint)) return { ready: 0, unsettled: 0, delayed: 0 }
  const depth = await place.doors.depth(endpoint)
  for (const [what, count] of Object.entries(depth))
    if (!Number.isSafeInteger(count) || count < 0) throw new TypeError(`The depth of ${endpoint} is unknown: ${what} is ${String(count)}`)
  return depth
}

/** What lies where at the end, for the history: endpoints empty, dead letters as many as were announced. */
export async function noteFinalDepths({ place, recorder }: Pick<Parts, 'place' | 'recorder'>, endpoints: readonly string[]): Promise<void> {
  for (const endpoint of endpoints) {
    recorder.note({ kind: 'depth', endpoint, ...(await depthOf(place, endpoint)), final: true })
    const ready = (await place.doors.deadLetters(endpoint)).length
    const expected = recorder.history.filter((event) => event.kind === 'dead-lettered' && event.endpoint === endpoint).length
    recorder.note({ kind: 'depth', endpoint: `${endpoint}.dead-letter`, ready, unsettled: 0, delayed: 0, final: true, expected })
  }
}
