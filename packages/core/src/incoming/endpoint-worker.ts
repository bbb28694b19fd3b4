import type { Delivery, Disposition, Endpoint, Subscription } from '../contract/index.js'
import { CrashLoopError } from '../errors/index.js'
import { AbandonedError, type Running } from '../invocation/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { Lanes } from '../runtime/lanes.js'
import type { Copies } from './copies.js'
import type { EndpointPause } from './endpoint-pause.js'
import type { EndpointSetup } from './endpoint-setup.js'
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

/** One endpoint of one bus while it runs: the subscription, the lanes, the way to start and to stop. */
export class EndpointWorker {
  readonly #init: EndpointWorkerInit
  readonly #lanes: Lanes
  readonly #suspects: Suspects
  #subscription: Subscription | undefined
  #active = 0
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
    if (this.#init.scope.stopping) return Promise.resolve('released')
    const verdict = this.#suspects.judge(delivery)
    if (this.#suspects.alone || verdict !== 'run') this.#init.pause.setPrefetch(1)
    else if (this.#narrowed) this.#init.pause.setPrefetch(this.setup.prefetch)
    this.#narrowed = this.#suspects.alone
    this.#active += 1
    return this.#enter(delivery, verdict)
  }
  #narrowed = false

  async #enter(delivery: Delivery, verdict: 'run' | 'run-alone' | 'quarantine'): Promise<Disposition> {
    try {
      const { setup } = this.#init
      if (verdict === 'run') return await this.#lanes.run(setup.ordered ? laneOf(delivery) : undefined, () => this.#run(delivery, verdict))
      return await this.#alone.run(undefined, () => this.#runAlone(delivery, verdict))
    } catch (error) {
      // The pipeline catches everything; what comes here is a defect of ours. The delivery stays with the broker.
      this.#init.scope.logger.error({ endpoint: this.setup.name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, `${this.setup.name} could not settle a delivery: it goes back`)
      return 'released'
    } finally {
      this.#active -= 1
      if (this.#active === 0) this.#idle?.resolve()
    }
  }
  readonly #alone = new Lanes(1)

  async #run(delivery: Delivery, verdict: 'run' | 'run-alone'): Promise<Disposition> {
    const { scope, setup, pipeline } = this.#init
    // It waited for its turn: what has changed meanwhile decides. Nothing that is lost is started.
    if (scope.stopping || delivery.lost.aborted || (this.#suspects.alone && verdict === 'run')) return 'released'
    return pipeline(new IncomingDelivery(delivery, setup))
  }

  async #runAlone(delivery: Delivery, verdict: 'run-alone' | 'quarantine'): Promise<Disposition> {
    await this.#lanes.idle()
    if (verdict === 'run-alone') return this.#lanes.run(undefined, () => this.#run(delivery, verdict))
    const { copies, setup } = this.#init
    const error = new CrashLoopError(delivery.envelope?.type ?? '', setup.name, delivery.deliveryCount ?? 0)
    try {
      await copies.deadLetter(new IncomingDelivery(delivery, setup), { handler: '*', reason: 'crash-loop', error, failures: 0 })
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

  async stop(signal: AbortSignal): Promise<void> {
    await this.#subscription?.stop(signal)
  }
}

/** A foreign message without a key has an order with nobody but itself. */
const laneOf = ({ envelope, nativeId }: Delivery): string | undefined => envelope?.key ?? nativeId
