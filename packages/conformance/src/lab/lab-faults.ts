import type { Bus } from '@waybill/core'
import { crashAt, type FailpointName } from '@waybill/core/runtime'
import type { Fault, FaultDoors, Place } from '../harness/harness.js'
import type { HistoryRecorder } from '../recorder/history-recorder.js'
import type { Buses } from './buses.js'
import type { Pacer } from './pacer.js'

/** What a fault is called in results and in what a scenario declares. */
export type FaultKind = keyof FaultDoors | 'crash'

/** What shows that a fault really happened. */
export interface FaultRecord {
  readonly kind: FaultKind
  readonly evidence: string | undefined
}

/** On which bus; absent: on every one. */
export interface OnBus {
  readonly on?: Bus
}
export interface TimesOnBus extends OnBus {
  /** @default 1 */
  readonly times?: number
}
export interface SendFault extends TimesOnBus {
  /** Whether core may send again. @default true */
  readonly retryable?: boolean
  /** Only messages of this type. @default every message */
  readonly type?: string
}

interface Armed {
  readonly kind: FaultKind
  readonly fault: Fault
  readonly id: string
  began: boolean
  ended: boolean
}

/** The faults of one scenario: recorded in its history, ended with it at the latest, and never believed without evidence. */
export class LabFaults {
  readonly #place: Place
  readonly #recorder: HistoryRecorder
  readonly #buses: Buses
  readonly #pacer: Pacer
  readonly #armed: Armed[] = []

  constructor({ place, recorder, buses, pacer }: { readonly place: Place; readonly recorder: HistoryRecorder; readonly buses: Buses; readonly pacer: Pacer }) {
    this.#place = place
    this.#recorder = recorder
    this.#buses = buses
    this.#pacer = pacer
  }

  /** Cuts the connections of a bus, or all. */
  cut({ on }: OnBus = {}): Promise<Fault> {
    return this.#arm('cut', this.#unsettled(on), (doors) => doors.cut?.({ instance: this.#instance(on) }))
  }
  /** The next sends are refused. */
  refuseSends({ on, times = 1, retryable = true, type }: SendFault = {}): Promise<Fault> {
    return this.#arm('refuseSends', 0, (doors) => doors.refuseSends?.({ instance: this.#instance(on), times, retryable, type }))
  }
  /** The next sends have no known outcome; `taken`: the broker has them all the same. */
  loseConfirms({ on, times = 1, retryable = true, type, taken }: SendFault & { readonly taken: boolean }): Promise<Fault> {
    return this.#arm('loseConfirms', taken ? times : 0, (doors) => doors.loseConfirms?.({ instance: this.#instance(on), times, retryable, type, taken }))
  }
  /** Sends get no answer until the fault ends. */
  holdSends({ on, taken = false }: OnBus & { readonly taken?: boolean } = {}): Promise<Fault> {
    return this.#arm('holdSends', 0, (doors) => doors.holdSends?.({ instance: this.#instance(on), taken }))
  }
  /** The next settlements do not reach the broker. */
  loseSettlements({ on, times = 1 }: TimesOnBus = {}): Promise<Fault> {
    return this.#arm('loseSettlements', times, (doors) => doors.loseSettlements?.({ instance: this.#instance(on), times }))
  }
  /** The next connections are refused; with `retryable: false` for good. */
  refuseConnections({ on, times = 1, retryable = true }: TimesOnBus & { readonly retryable?: boolean } = {}): Promise<Fault> {
    return this.#arm('refuseConnections', 0, (doors) => doors.refuseConnections?.({ instance: this.#instance(on), times, retryable }))
  }

  /** The next bus that comes to this point (or this bus) dies there, as its broker sees it. `reached` resolves when it has. */
  crash(at: FailpointName, { on, skip = 0 }: OnBus & { readonly skip?: number } = {}): { readonly reached: Promise<boolean> } {
    const instance = this.#instance(on)
    const armed = crashAt(at, { skip, ...(instance !== undefined && { instanceId: instance }) })
    let died = ''
    const fault: Fault = { evidence: async () => (died === '' ? undefined : `${died} died ${at}`), end: async () => armed.disarm() }
    const entry = this.#add('crash', fault)
    void armed.reached.then(({ instanceId }) => {
      died = instanceId
      this.#buses.crashed(instanceId)
      this.#noteBegin(entry, { inFlight: this.#recorder.inFlightAtCrash.get(instanceId) ?? 0, evidence: `${died} died ${at}` })
    })
    return { reached: this.#pacer.settles(60_000, armed.reached) }
  }

  /** Ends what is still armed. */
  async endAll(): Promise<void> {
    for (const armed of this.#armed) await this.#end(armed)
  }

  records(): Promise<readonly FaultRecord[]> {
    return Promise.all(this.#armed.map(async ({ kind, fault }) => ({ kind, evidence: await fault.evidence() })))
  }

  async #arm(kind: keyof FaultDoors, inFlight: number, open: (doors: FaultDoors) => Promise<Fault> | undefined): Promise<Fault> {
    const fault = await open(this.#place.faults)
    if (fault === undefined) throw new TypeError(`This transport has no door ${kind}. Add 'door:${kind}' to what the scenario needs`)
    return this.#begin(kind, fault, { inFlight, evidence: (await fault.evidence()) ?? 'armed' })
  }

  #begin(kind: FaultKind, fault: Fault, { inFlight, evidence }: { readonly inFlight: number; readonly evidence: string }): Fault {
    const armed = this.#add(kind, fault)
    this.#noteBegin(armed, { inFlight, evidence })
    return { evidence: () => fault.evidence(), end: () => this.#end(armed) }
  }

  #add(kind: FaultKind, fault: Fault): Armed {
    const armed: Armed = { kind, fault, id: `f${this.#armed.length + 1}`, began: false, ended: false }
    this.#armed.push(armed)
    return armed
  }

  #noteBegin(armed: Armed, { inFlight, evidence }: { readonly inFlight: number; readonly evidence: string }): void {
    armed.began = true
    this.#recorder.note({ kind: 'fault-began', fault: armed.id, what: armed.kind, evidence, inFlight })
  }

  async #end(armed: Armed): Promise<void> {
    if (armed.ended) return
    armed.ended = true
    await armed.fault.end()
    if (armed.began) this.#recorder.note({ kind: 'fault-ended', fault: armed.id })
  }

  #instance(on: Bus | undefined): string | undefined {
    return on === undefined ? undefined : this.#buses.instanceOf(on)
  }
  #unsettled(on: Bus | undefined): number {
    return this.#recorder.open.unsettled(this.#instance(on))
  }
}
