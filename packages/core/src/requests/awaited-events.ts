import type { EventOutcome, RequestEventOptions, SendOptions } from '../context/index.js'
import type { Delivery, Disposition, Envelope } from '../contract/index.js'
import { InvalidSendOptionError, NotAMessageError, NotAwaitedError } from '../errors/index.js'
import { contractOf, contractOfClass, type AnyEventClass, type MessageContract, type Sendable } from '../messages/index.js'
import { awaitedBy, awaitedName, awaitedNames, checkDuration, checkRequestEventOptions, type Cause, type Outlet } from '../outgoing/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { deserialize } from '../serialization/index.js'
import { AnswerDelivery } from './answer-delivery.js'
import { EventWait, type Expected } from './event-wait.js'
import { InstanceEndpoint } from './instance-endpoint.js'
import { Keyed } from './keyed.js'
import type { AnswerPipeline } from './reply-endpoint.js'
import { defaultTimeout, mustNotBeAborted, type OpenWaits } from './wait.js'

export interface AwaitedEventsInit {
  readonly outlet: Outlet
  readonly open: OpenWaits
  readonly pipeline: AnswerPipeline
  readonly maxBodyBytes: number
  /** What the bus declares to await. */
  readonly awaits: readonly AnyEventClass[]
}

type AnyOptions = RequestEventOptions<AnyEventClass, AnyEventClass>

/** Sends commands and waits for the events that they cause. The events come to an endpoint of this instance, subscribed at the first wait. */
export class AwaitedEvents {
  readonly #scope: BusScope
  readonly #init: AwaitedEventsInit
  readonly #declared: ReadonlySet<string>
  readonly #waits = new Keyed<EventWait>()
  readonly #endpoint: InstanceEndpoint

  constructor(scope: BusScope, guard: GuardedTransport, init: AwaitedEventsInit) {
    this.#scope = scope
    this.#init = init
    const contracts = init.awaits.flatMap((event) => contractOfClass(event) ?? [])
    this.#declared = new Set(contracts.map(({ type }) => type))
    const topics = [...new Map(contracts.map(({ topic, ordered }) => [topic, { name: topic, ordered }])).values()]
    this.#endpoint = new InstanceEndpoint(scope, guard, { name: 'events', topics, onDelivery: this.onDelivery })
  }

  async request(command: Sendable, options: AnyOptions, cause: Cause | undefined): Promise<EventOutcome<object, object>> {
    checkRequestEventOptions(options)
    const timeoutMs = checkDuration('timeout', options.timeout ?? defaultTimeout)
    const expected = this.#expected(options)
    const contract = contractOf(command)
    if (contract === undefined) throw new NotAMessageError('requestEvent()', command)
    mustNotBeAborted(options.signal)
    const wait = new EventWait(
      { clock: this.#scope.clock, open: this.#init.open, timeoutMs, signal: options.signal },
      { waits: this.#waits, type: contract.type, expected },
    )
    this.#leave(command, wait, { options, cause }).catch((error: unknown) => wait.reject(error))
    return wait.ended
  }

  /** Throws for what is no event, is there twice, or is not declared: its topic would not be subscribed to. */
  #expected({ success, failure }: AnyOptions): ReadonlyMap<string, Expected> {
    const expected = new Map<string, Expected>()
    for (const [outcome, classes] of [
      ['success', listOf(success)],
      ['failure', listOf(failure)],
    ] as const) {
      for (const event of classes) {
        const contract = contractOfClass(event)
        if (contract?.kind !== 'event')
          throw new InvalidSendOptionError(`{ ${outcome} } of requestEvent()`, event, 'Use the class of an event, or a list of them')
        if (!this.#declared.has(contract.type)) throw this.#notAwaited(contract, event)
        if (expected.has(contract.type))
          throw new InvalidSendOptionError(`{ ${outcome} } of requestEvent()`, contract.type, 'It stands there twice: an event is success or failure')
        expected.set(contract.type, { contract, outcome })
      }
      if (outcome === 'success' && expected.size === 0)
        throw new InvalidSendOptionError('{ success } of requestEvent()', success, 'Name the event that answers: { success: OrderPlaced }')
    }
    return expected
  }

  #notAwaited({ type }: MessageContract, { name }: { readonly name: string }): NotAwaitedError {
    return new NotAwaitedError(this.#scope.bus, { type, name, declared: this.#init.awaits.map((event) => event.name) })
  }

  async #leave(command: Sendable, wait: EventWait, { options, cause }: { readonly options: AnyOptions; readonly cause: Cause | undefined }): Promise<void> {
    await this.#endpoint.receiving()
    // Its caller has given up meanwhile.
    if (wait.isOver) return
    const sendOptions: SendOptions = { ...options, dispatch: 'immediately' }
    const identified = (id: string): void => {
      // Or while the steps before the identity ran.
      wait.mustBeOpen(draft.type)
      wait.sent(awaitedName(this.#scope.bus, id), id)
    }
    const draft = this.#init.outlet.draft('requestEvent', command, { options: sendOptions, cause, isAwaited: true, identified })
    await this.#init.outlet.request(draft)
  }

  /** Always accepted: it is this instance's own copy, and most of them nobody here waits for. */
  readonly onDelivery = async (delivery: Delivery): Promise<Disposition> => {
    const { envelope } = delivery
    if (envelope === undefined || this.#waits.isEmpty) return 'accepted'
    const waits = this.#waitsFor(envelope)
    if (waits.length > 0) await this.#answer(new AnswerDelivery(delivery, envelope), waits)
    return 'accepted'
  }

  /** Who carries the names on, says by which commands the event was caused. A service that knows nothing of them still says the conversation and the cause. */
  #waitsFor({ type, system, causationId, correlationId }: Envelope): readonly EventWait[] {
    const names = awaitedNames(system[awaitedBy])
    const keys = new Set(names.length > 0 ? names : [causationId, correlationId].flatMap((id) => (id === undefined ? [] : awaitedName(this.#scope.bus, id))))
    return [...keys].flatMap((key) => this.#waits.at(key)).filter((wait) => wait.expects(type) !== undefined)
  }

  async #answer(answer: AnswerDelivery, waits: readonly EventWait[]): Promise<void> {
    const { type, version, contentType } = answer.envelope
    try {
      if (this.#init.pipeline !== undefined) await this.#init.pipeline(answer)
      for (const wait of waits) {
        const expected = wait.expects(type)
        if (expected === undefined) continue
        const event = deserialize(expected.contract, { type, version, contentType, body: answer.body }, this.#init.maxBodyBytes)
        wait.resolve({ outcome: expected.outcome, event })
      }
    } catch (error) {
      for (const wait of waits) wait.reject(error)
    }
  }

  stop(signal: AbortSignal): Promise<void> {
    return this.#endpoint.stop(signal)
  }
}

const listOf = (classes: AnyEventClass | readonly AnyEventClass[] | undefined): readonly AnyEventClass[] =>
  classes === undefined ? [] : Array.isArray(classes) ? (classes as readonly AnyEventClass[]) : [classes as AnyEventClass]
