import type { Delivery, Disposition, Endpoint, Subscription } from '../contract/index.js'
import { CrashLoopError } from '../errors/index.js'
import { AbandonedError, type Running } from '../invocation/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import type { Lanes } from '../runtime/lanes.js'
import type { Copies } from './copies.js'
import type { EndpointPause } from './endpoint-pause.js'
import type { EndpointSetup } from './endpoint-setup.js'
import { giveUp } from './give-up.js'
import { IncomingDelivery } from './incoming-delivery.js'
import { Suspects } from './suspects.js'
import type { Waits } from './waits.js'

export interface EndpointWorkerInit {
  readonly scope: BusScope
  readonly guard: GuardedTransport
  readonly setup: EndpointSetup
  readonly endpoint: Endpoint
  readonly pipeline: (incoming: IncomingDelivery) => Promise<Disposition>
  readonly copies: Copies
  readonly pause: EndpointPause
  readonly running: Running
  readonly lanes: Lanes
  readonly waits: Waits
}

/** A run that did not end before the stop's deadline. Its delivery went back. */
export interface Unfinished {
  readonly endpoint: string
  readonly handler: string
  readonly messageId: string
}

const keptMs = 5_000

/** One endpoint of one bus while it runs: the subscription, the lanes, the way to start and to stop. */
export class EndpointWorker {
  readonly #init: EndpointWorkerInit
  readonly #lanes: Lanes
  readonly #suspects: Suspects
  #subscription: Subscription | undefined
  #active = 0
  #narrowed = false
  #idle: PromiseWithResolvers<void> | undefined

  constructor(init: EndpointWorkerInit) {
    this.#init = init
    this.#lanes = init.lanes
    this.#suspects = new Suspects(init.guard.capabilities.deliveryCount ?? 'none')
  }

  get setup(): EndpointSetup {
    return this.#init.setup
  }
  get pause(): EndpointPause {
    return this.#init.pause
  }
  get running(): number {
    return this.#lanes.running
  }
  get waiting(): number {
    return this.#lanes.waiting
  }

  async start(): Promise<void> {
    const { guard, endpoint, setup, pause } = this.#init
    this.#subscription = await guard.subscribe(endpoint, this.onDelivery, { prefetch: setup.prefetch })
    pause.attach(this.#subscription, setup.prefetch)
  }

  /** What the transport calls. Never rejects. */
  readonly onDelivery = (delivery: Delivery): Promise<Disposition> => {
    if (this.#init.scope.stopping) return this.#giveBack()
    const verdict = this.#suspects.judge(delivery)
    this.#narrow()
    if (verdict === 'release') return this.#giveBack()
    this.#active += 1
    return verdict === 'run' ? this.#enter(delivery) : this.#enterAlone(delivery, verdict)
  }

  /** Not before the transport hands out less: else it would come again at once, and again. */
  async #giveBack(): Promise<Disposition> {
    await this.#init.pause.applied()
    return 'released'
  }

  /** The intake follows the suspicion. */
  #narrow(): void {
    if (this.#narrowed === this.#suspects.oneByOne) return
    this.#narrowed = this.#suspects.oneByOne
    this.#init.pause[this.#narrowed ? 'narrow' : 'widen']()
  }

  async #enter(delivery: Delivery): Promise<Disposition> {
    const key = this.setup.ordered ? laneOf(delivery) : undefined
    const place = this.#lanes.enter(key)
    if (place !== undefined) await place
    try {
      return await this.#run(delivery)
    } catch (error) {
      return await this.#keep(delivery, error)
    } finally {
      this.#lanes.leave(key)
      this.#left()
    }
  }

  /** The pipeline catches everything; what comes here is a defect of ours or of the transport. Held for a while, in its lane, so that it does not come again and again. */
  async #keep(delivery: Delivery, error: unknown): Promise<Disposition> {
    this.#init.scope.logger.error(
      { endpoint: this.setup.name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      `${this.setup.name} could not settle a delivery: it is held for ${keptMs} ms and goes back`,
    )
    await this.#init.waits.wait(keptMs, delivery.lost)
    return 'released'
  }

  #left(): void {
    this.#active -= 1
    if (this.#active === 0) this.#idle?.resolve()
  }

  #run(delivery: Delivery): Promise<Disposition> {
    const { scope, setup, pipeline } = this.#init
    // It waited for its turn: what has changed meanwhile decides. Nothing that is lost is started, and nothing beside a suspect.
    if (scope.stopping || delivery.lost.aborted || this.#suspects.active) return released
    return pipeline(new IncomingDelivery(delivery, setup))
  }

  async #enterAlone(delivery: Delivery, verdict: 'run-alone' | 'quarantine'): Promise<Disposition> {
    const { scope, setup, pipeline } = this.#init
    try {
      await this.#lanes.idle()
      if (scope.stopping || delivery.lost.aborted) return 'released'
      const incoming = new IncomingDelivery(delivery, setup)
      return verdict === 'run-alone' ? await this.#lanes.run(undefined, () => pipeline(incoming)) : await this.#quarantine(incoming)
    } catch (error) {
      return await this.#keep(delivery, error)
    } finally {
      this.#suspects.cleared()
      this.#left()
    }
  }

  async #quarantine(incoming: IncomingDelivery): Promise<Disposition> {
    const { delivery, endpoint } = incoming
    const error = new CrashLoopError(delivery.envelope?.type ?? '', endpoint, delivery.deliveryCount ?? 0)
    try {
      await giveUp(this.#init.copies, incoming, { handler: '*', reason: 'crash-loop', error, failures: 0 })
      return 'accepted'
    } catch (abandoned) {
      if (abandoned instanceof AbandonedError) return 'released'
      throw abandoned
    }
  }

  /** Takes nothing new; what has not started goes back. Resolves when what runs has ended. */
  async drain(): Promise<void> {
    const { pause, waits } = this.#init
    pause.begin('stopping')
    waits.endAll()
    await pause.applied()
    if (this.#active === 0) return
    this.#idle = Promise.withResolvers<void>()
    await this.#idle.promise
  }

  /** Ends the wait for what still runs; says what that was. */
  abandon(): readonly Unfinished[] {
    const { running, setup } = this.#init
    const unfinished = [...running].map((context) => ({ endpoint: setup.name, handler: context.handler, messageId: context.id }))
    running.abandonAll()
    return unfinished
  }

  /** The end of a start that has failed elsewhere: nothing waits, nothing runs on. */
  giveUp(): void {
    this.#init.pause.detach()
    this.#init.waits.endAll()
    this.abandon()
    this.#init.running.close()
  }

  async stop(signal: AbortSignal): Promise<void> {
    this.#init.pause.detach()
    // Before: the transport may never answer.
    this.#init.running.close()
    await this.#subscription?.stop(signal)
  }
}

const released = Promise.resolve<Disposition>('released')

/** A foreign message without a key has an order with nobody but itself. */
const laneOf = ({ envelope, nativeId }: Delivery): string | undefined => envelope?.key ?? nativeId
