import type { Settlement } from '../context/index.js'
import { errorFacts } from '../errors/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { expire } from './expire.js'
import { lateByMs } from './expiry.js'
import type { Passage } from './failure-gate.js'
import { Gatekeeper } from './gatekeeper.js'
import type { HandlerContext } from './handler-context.js'
import type { HandlerInit } from './handler-step.js'
import { Intake } from './intake.js'
import { KeptRuns, type KeptRun } from './kept-runs.js'
import { heldMs } from './limit-turn.js'
import { perOwner } from './per-owner.js'
import { rest } from './rest.js'
import { rejected, released } from './settlement.js'
import type { StepEndpoint } from './step-endpoint.js'

export interface CircuitInit {
  readonly failures: number
  readonly probeMs: number
}

/** The first wait before a kept run is tried again while the circuit is closed; it doubles up to the time of a probe. */
const firstWaitMs = 100

/** One dependency as one bus sees it: closed, or open with one run per probe. */
export class Circuit {
  readonly #scope: BusScope
  readonly #init: CircuitInit
  readonly #keeper: Gatekeeper
  readonly #kept = new KeptRuns()
  readonly #intakes = new Set<Intake>()
  /** How many runs have begun. */
  #begun = 0
  /** The latest to begin of those that have succeeded. */
  #succeeded = 0
  #openSince = 0

  /** Of each endpoint that uses the circuit. */
  readonly intakeOf = perOwner((endpoint: StepEndpoint) => {
    const intake = new Intake(endpoint)
    this.#intakes.add(intake)
    return intake
  })

  constructor(scope: BusScope, init: CircuitInit) {
    this.#scope = scope
    this.#init = init
    this.#keeper = new Gatekeeper(scope.clock, { failures: init.failures, waitMs: init.probeMs })
  }

  /** For what was not kept and need not wait. */
  pass(context: HandlerContext): Passage | undefined {
    return this.#kept.of(context) === undefined ? this.#keeper.pass() : undefined
  }

  /** Waits until it may start, or is settled without: a moment after a failure while the circuit is closed; while it is open until it is the probe, or until it closes. */
  async enter(init: HandlerInit, context: HandlerContext): Promise<Passage | Settlement> {
    const run = this.#kept.of(context)
    if (run !== undefined && this.#isAgain(run)) {
      const settlement = await this.#pause(init, context, run)
      if (settlement !== undefined) return settlement
    }
    const passage = this.#keeper.pass()
    if (passage !== undefined) return passage
    const intake = this.intakeOf(init.endpoint)
    const hasTried = run?.triedIn === this.#keeper.period
    intake.join(hasTried)
    try {
      return await this.#keeper.enter(init, context)
    } finally {
      intake.leave(hasTried)
    }
  }

  /** The number of a run that begins now. */
  begin(): number {
    this.#begun += 1
    return this.#begun
  }

  /** `run`: its number. */
  succeeded(passage: Passage, run: number): void {
    this.#succeeded = Math.max(this.#succeeded, run)
    if (this.#keeper.end(passage, 'success') === 'widened') this.#close()
  }

  /** It has shown nothing about the dependency. */
  ended(passage: Passage): void {
    this.#keeper.end(passage, 'neither')
  }

  /** `again`: it does not count and begins afresh. `counts`: a failure like any other, for others have succeeded where this message fails. */
  failed(
    { endpoint }: HandlerInit,
    context: HandlerContext,
    { passage, error }: { readonly passage: Passage; readonly error: Error },
  ): 'again' | 'counts' | Settlement {
    const run = this.#kept.failed(context, { begun: this.#begun, succeeded: this.#succeeded })
    const wasProbe = this.#keeper.isNarrow && passage.period === this.#keeper.period
    if (wasProbe) run.triedIn = this.#keeper.period
    if (this.#keeper.end(passage, 'failure') === 'narrowed') this.#open(context, error)
    if (!this.#keeper.isNarrow && run.ownFailures >= this.#init.failures) return 'counts'
    if (wasProbe && this.#givesWay(endpoint, context)) return rejected('held-too-long')
    this.#keep(context, error)
    return 'again'
  }

  /** It has just failed and does not count: what counts is tried again as its policy says. */
  #isAgain({ ownFailures }: KeptRun): boolean {
    return !this.#keeper.isNarrow && ownFailures < this.#init.failures
  }

  /** Others take its place meanwhile: a success of theirs shows that the dependency is there. */
  async #pause(init: HandlerInit, context: HandlerContext, { failures }: KeptRun): Promise<Settlement | undefined> {
    const { endpoint } = init
    const { delivery, envelope } = context.received
    const waitMs = Math.min(this.#init.probeMs, firstWaitMs * 2 ** (failures - 1))
    const how = await rest(init, context, endpoint.waits.wait(waitMs, delivery.lost))
    if (how === 'ended' || this.#scope.stopping || delivery.lost.aborted) return released
    const byMs = lateByMs(envelope, this.#scope.clock.now(), endpoint.clockSkewMs)
    return byMs > 0 ? expire(this.#scope, context, byMs) : undefined
  }

  /** Where no copy can be made, a message that fails for a reason of its own would stand at the head for ever: one in each hold makes way for the next. */
  #givesWay(endpoint: StepEndpoint, { received }: HandlerContext): boolean {
    const { now, intake } = { now: this.#scope.clock.now(), intake: this.intakeOf(endpoint) }
    if (!endpoint.runsInPlace || heldMs(received, now) < endpoint.holdMs || now - intake.gaveWayAt < endpoint.holdMs) return false
    intake.gaveWayAt = now
    return true
  }

  #keep({ id, type, endpoint, handler, correlationId }: HandlerContext, error: Error): void {
    this.#scope.logger.debug(
      { messageId: id, type, endpoint, handler, correlationId, error: errorFacts(error).message },
      `${endpoint}/${handler} keeps a message: no attempt is counted of what fails because of the dependency`,
    )
  }

  #open({ endpoint, handler }: HandlerContext, error: Error): void {
    this.#openSince = this.#scope.clock.now()
    for (const intake of this.#intakes) intake.pause()
    const { failures, probeMs } = this.#init
    this.#scope.count('circuit-opened', this.#endpoints)
    this.#scope.logger.warn(
      { endpoints: this.#endpoints, endpoint, handler, failures, probeMs, error: errorFacts(error).message },
      `${this.#endpoints} takes nothing new: ${failures} failures in a row say that what it depends on is down. One message is tried ${probeMs} ms after the last, until one succeeds`,
    )
  }

  #close(): void {
    for (const intake of this.#intakes) intake.resume()
    const openMs = this.#scope.clock.now() - this.#openSince
    this.#scope.count('circuit-closed', `${this.#endpoints} after ${openMs} ms`)
    this.#scope.logger.info({ endpoints: this.#endpoints, openMs }, `${this.#endpoints} goes on: what it depends on is back after ${openMs} ms`)
  }

  get #endpoints(): string {
    return [...this.#intakes].map(({ endpoint }) => endpoint.name).join(', ')
  }
}
