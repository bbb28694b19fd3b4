import type { Outgoing } from '../contract/index.js'
import type { OutgoingWireContext, Sent, SendOptions } from '../context/index.js'
import { MiddlewareError, NotAMessageError, quote } from '../errors/index.js'
import { contractOf, type AnyMessage } from '../messages/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedSend, GuardedTransport } from '../runtime/guarded-transport.js'
import { Lanes } from '../runtime/lanes.js'
import type { Purpose } from '../runtime/instrumentation.js'
import type { Schedule } from '../schedule/index.js'
import type { Cause } from './cause.js'
import { checkHeaders, checkSendOptions } from './checked-options.js'
import type { HeldMessage } from './held-messages.js'
import { OutgoingDraft, type DraftInit } from './outgoing-draft.js'
import { OutgoingWire } from './outgoing-wire.js'

/** The two outward pipelines, composed at start. */
export interface OutgoingPipelines {
  readonly message: (draft: OutgoingDraft) => Promise<Sent>
  /** `undefined` where no middleware has an outgoing wire step. */
  readonly wire: ((context: OutgoingWireContext) => Promise<Sent>) | undefined
}

type Verb = 'send' | 'publish' | 'request' | 'gather' | 'requestEvent'
const kinds: Readonly<Record<Verb, readonly MessageContract['kind'][]>> = {
  send: ['command', 'document'],
  publish: ['event'],
  request: ['command', 'query'],
  gather: ['command', 'query'],
  requestEvent: ['command', 'document'],
}
const sent: Sent = Object.freeze({ outcome: 'sent' })

/** The one way out: what bus, handlers and middleware send goes through here. */
export class Outlet {
  readonly #scope: BusScope
  readonly #guard: GuardedTransport
  readonly #schedule: Schedule | undefined
  readonly #pipelines: OutgoingPipelines
  readonly #wireLanes = new Lanes(Number.POSITIVE_INFINITY)

  constructor(
    scope: BusScope,
    { guard, schedule }: { readonly guard: GuardedTransport; readonly schedule: Schedule | undefined },
    pipelines: (outlet: Outlet) => OutgoingPipelines,
  ) {
    this.#scope = scope
    this.#guard = guard
    this.#schedule = schedule
    this.#pipelines = pipelines(this)
  }

  /** Validates, serializes, and holds or sends. Rejects with what a step throws, or with a `SendError`. */
  async send(verb: Verb, message: AnyMessage, options: SendOptions | undefined, cause: Cause | undefined): Promise<void> {
    checkSendOptions(verb, options)
    const draft = this.draft(verb, message, { options: options ?? noOptions, cause })
    await this.#pipelines.message(draft)
    // A middleware may keep a message from leaving; it must not happen unseen.
    if (draft.outgoing === undefined) this.#scope.count('short-circuited', `${draft.type}, which a middleware did not pass on`)
  }

  /** Sends what somebody waits for: it leaves, or this rejects. */
  async request(draft: OutgoingDraft): Promise<void> {
    await this.#pipelines.message(draft)
    if (draft.outgoing === undefined)
      throw new MiddlewareError('outgoing message', `kept the request ${quote(draft.type)} from leaving`, 'A step returns next(context), or throws')
  }

  draft(verb: Verb, message: AnyMessage, init: Omit<DraftInit, 'message' | 'contract' | 'headers'>): OutgoingDraft {
    const contract = contractOf(message)
    if (contract === undefined || !kinds[verb].includes(contract.kind))
      throw new NotAMessageError(`${verb}()`, contract === undefined ? message : `the ${contract.kind} ${contract.type}`)
    return new OutgoingDraft({ ...init, message, contract, headers: checkHeaders(init.options.headers) })
  }

  /** The last step of the message stage: wire steps, then the broker's confirm. */
  async leave(draft: OutgoingDraft): Promise<Sent> {
    if (draft.outgoing === undefined) throw new TypeError('the message stage ends with hold')
    const outgoing = this.#pipelines.wire === undefined ? draft.outgoing : await this.#toWireInOrder(draft.outgoing, draft.signal)
    if (draft.scheduled === undefined) await this.#guard.send(guardedSend(outgoing, 'message', draft.options.signal))
    else await this.#stored.add(outgoing, draft.scheduled, draft.options.signal)
    return sent
  }

  /** For copies and what handlers held: to the broker, or into the schedule store. Tries until it is taken; rejects when it is refused for good, when the signal gives up, and at the end. */
  sendUntilTaken({ outgoing, purpose, scheduled }: HeldMessage, signal: AbortSignal): Promise<void> {
    if (scheduled === undefined) return this.#guard.sendUntilTaken({ outgoing, purpose, signal })
    // Now, not when it is due: then nobody would be there to hear of it.
    this.#guard.checkSize(outgoing, purpose)
    return this.#stored.addUntilTaken(outgoing, scheduled, signal)
  }

  /** Whether what the broker cannot delay has a place to wait. */
  get hasSchedule(): boolean {
    return this.#schedule !== undefined
  }

  get #stored(): Schedule {
    if (this.#schedule === undefined) throw new TypeError('nothing is scheduled without a schedule')
    return this.#schedule
  }

  /** A slow wire step must not let the next message of a key pass. */
  #toWireInOrder(outgoing: Outgoing, signal: AbortSignal): Promise<Outgoing> {
    const { key } = outgoing.envelope
    return key === undefined ? this.toWire(outgoing, signal) : this.#wireLanes.run(key, () => this.toWire(outgoing, signal))
  }

  /** The bytes that leave: run once, kept for sending again. */
  async toWire(outgoing: Outgoing, signal?: AbortSignal): Promise<Outgoing> {
    if (this.#pipelines.wire === undefined) return outgoing
    const context = new OutgoingWire(outgoing, signal)
    await this.#pipelines.wire(context)
    if (!context.encoded)
      throw new MiddlewareError('outgoing wire', `kept ${quote(outgoing.envelope.type)} from leaving`, 'A wire step returns next(context), or throws')
    const crash = this.#scope.failpoint('after-outgoing-wire')
    if (crash !== undefined) await crash
    const changed = context.toOutgoing()
    this.#guard.checkSize(changed, 'message')
    return changed
  }

  /** The end of the wire stage: every step has passed the message on. */
  encoded(context: OutgoingWireContext): Promise<Sent> {
    if (context instanceof OutgoingWire) context.encoded = true
    return Promise.resolve(sent)
  }

  /** Whether messages change between the message stage and the broker. */
  get hasWireSteps(): boolean {
    return this.#pipelines.wire !== undefined
  }
}

const noOptions: SendOptions = Object.freeze({})

const guardedSend = (outgoing: Outgoing, purpose: Purpose, signal: AbortSignal | undefined): GuardedSend =>
  signal === undefined ? { outgoing, purpose } : { outgoing, purpose, signal }
