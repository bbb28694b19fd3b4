import { createHash } from 'node:crypto'
import type { Destination, Envelope, Outgoing } from '../contract/index.js'
import { asError, errorFacts, TooLargeError } from '../errors/index.js'
import { AbandonedError, makeFault } from '../invocation/index.js'
import { hop, type HeldMessage, type Outlet } from '../outgoing/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { announce, instrumentation } from '../runtime/instrumentation.js'
import { isoTime, messageId } from '../runtime/message-id.js'
import { diagnose, shedFirst, type DeadLetterCause } from './diagnosis.js'
import type { EndpointPause } from './endpoint-pause.js'
import type { IncomingDelivery } from './incoming-delivery.js'
import { copiedSystem, countOf, systemHeader } from './system-headers.js'
import type { Waits } from './waits.js'

const tryAgainMs = 5_000
/** Every copy that core makes of a delivery. Each method resolves when the broker has confirmed it, and only then may the delivery be accepted; it rejects with `AbandonedError` alone, when the lock is lost or the bus stops. */
export class Copies {
  readonly #scope: BusScope
  readonly #guard: GuardedTransport
  readonly #outlet: Outlet
  readonly #pause: EndpointPause
  readonly #waits: Waits

  constructor(scope: BusScope, guard: GuardedTransport, init: { readonly outlet: Outlet; readonly pause: EndpointPause; readonly waits: Waits }) {
    this.#scope = scope
    this.#guard = guard
    this.#outlet = init.outlet
    this.#pause = init.pause
    this.#waits = init.waits
  }

  /** For one handler alone. */
  retry(incoming: IncomingDelivery, init: { readonly handler: string; readonly failures: number; readonly delayMs: number }): Promise<void> {
    const { system } = incoming
    const changes = { [systemHeader.targetHandler]: init.handler, [systemHeader.attempt]: String(init.failures) }
    const arrived = system[systemHeader.wireAttempt] === undefined ? changes : { ...changes, [systemHeader.wireAttempt]: '' }
    return this.#later(incoming, 'retry', { changes: arrived, due: this.#in(init.delayMs) })
  }

  /** When what failed came before any handler: for all that the delivery was for, which may be one alone. */
  retryWire(incoming: IncomingDelivery, failures: number, delayMs: number): Promise<void> {
    return this.#later(incoming, 'retry', { changes: { [systemHeader.wireAttempt]: String(failures) }, due: this.#in(delayMs) })
  }

  /** Again later, unchanged, for a newer instance that knows what this one does not. */
  unknown(incoming: IncomingDelivery, attempt: number, delayMs: number): Promise<void> {
    return this.#later(incoming, 'retry', { changes: { [systemHeader.unknownAttempt]: String(attempt) }, due: this.#in(delayMs) })
  }

  /** The next step of a delay that is longer than the broker's. */
  hop(incoming: IncomingDelivery, due: number): Promise<void> {
    return this.#later(incoming, 'hop', { changes: {}, due })
  }

  /** A whole millisecond: `deliver-at` has no others. */
  #in(delayMs: number): number {
    return Math.ceil(this.#scope.clock.now() + delayMs)
  }

  #later(
    incoming: IncomingDelivery,
    purpose: 'retry' | 'hop',
    { changes, due }: { readonly changes: Readonly<Record<string, string>>; readonly due: number },
  ): Promise<void> {
    const { setup, delivery } = incoming
    const counted = { ...changes, [systemHeader.copyCount]: String(countOf(incoming.system, systemHeader.copyCount) + 1) }
    const nowMs = this.#scope.clock.now()
    if (this.#outlet.hasSchedule && due - nowMs > setup.maxDelayMs) {
      const outgoing = this.#copy(incoming, { name: setup.name, ordered: setup.ordered }, copiedSystem(delivery, counted))
      return this.#persist(incoming, { outgoing, purpose, scheduled: { dueMs: due, purpose, ifOver: 'keep' } })
    }
    const timing = hop(due, nowMs, setup.maxDelayMs)
    const onTheWay = timing.notBefore === due ? counted : { ...timing.system, ...counted }
    const outgoing = this.#copy(incoming, { name: setup.name, ordered: setup.ordered }, copiedSystem(delivery, onTheWay))
    return this.#persist(incoming, { outgoing: { ...outgoing, notBefore: timing.notBefore ?? due }, purpose })
  }

  /** To `<endpoint>.dead-letter`, native bytes untouched. What does not fit sheds its stack, then its message, then its diagnostics. */
  async deadLetter(incoming: IncomingDelivery, cause: DeadLetterCause): Promise<void> {
    const { setup, delivery } = incoming
    const diagnostics = diagnose(cause, setup.name, isoTime(this.#scope.clock.now()))
    const to = { name: `${setup.name}.dead-letter`, ordered: false }
    let outgoing = this.#copy(incoming, to, copiedSystem(delivery, diagnostics))
    for (const shed of shedFirst) {
      if (this.#fits(outgoing)) break
      delete diagnostics[shed]
      outgoing = this.#copy(incoming, to, copiedSystem(delivery, diagnostics))
    }
    await this.#persist(incoming, { outgoing, purpose: 'dead-letter' })
    const { envelope } = outgoing
    const { handler, reason, error } = cause
    this.#scope.logger.error(
      {
        messageId: envelope.id,
        type: envelope.type,
        endpoint: setup.name,
        handler,
        attempt: cause.failures,
        correlationId: envelope.correlationId,
        reason,
        error: error && errorFacts(error).message,
      },
      `${setup.name}/${handler} dead-lettered a message: ${reason}`,
    )
    if (instrumentation.deadLetter.hasSubscribers) {
      announce('deadLetter', { bus: this.#scope.bus, instanceId: this.#scope.instanceId, endpoint: setup.name, handler, reason, envelope, error })
    }
  }

  /** Tells the requester that nobody will answer. One that is gone is no failure; `untold` is a fault that could not be made ready to leave. */
  async fault(
    { delivery, envelope }: IncomingDelivery,
    { handler, failures }: { readonly handler: string; readonly failures: number },
    error: Error,
  ): Promise<'told' | 'untold'> {
    const { lost } = delivery
    let outgoing: Outgoing
    try {
      outgoing = await this.#outlet.toWire(makeFault(this.#scope, { request: envelope, handler, failures }, error), lost)
    } catch (failure) {
      this.#scope.logger.warn(
        { messageId: envelope.id, type: envelope.type, endpoint: this.#pause.endpoint, handler, error: errorFacts(asError(failure, handler)).message },
        `${this.#pause.endpoint}/${handler} could not tell its requester: a wire step failed on the fault`,
      )
      return 'untold'
    }
    try {
      await this.#guard.sendUntilTaken({ outgoing, purpose: 'reply', signal: lost })
    } catch {
      if (lost.aborted || this.#scope.stopping) throw new AbandonedError(lost.aborted ? 'lock-lost' : 'stopping')
      this.#scope.count('dropped-reply', `${envelope.type} ${envelope.id}`)
    }
    return 'told'
  }

  #copy(incoming: IncomingDelivery, to: { readonly name: string; readonly ordered: boolean }, system: Record<string, string>): Outgoing {
    const { delivery, setup } = incoming
    const destination: Destination = { kind: 'endpoint', ...to }
    const envelope: Envelope = delivery.envelope === undefined ? this.#foreign(incoming, system) : { ...delivery.envelope, system }
    return { destination, envelope, copyId: copyId(envelope, `${setup.name}>${to.name}`), original: delivery.original }
  }

  /** An envelope for what has none: the body stays the native one. */
  #foreign({ delivery, setup }: IncomingDelivery, system: Record<string, string>): Envelope {
    const now = this.#scope.clock.now()
    const headers = Object.create(null) as Record<string, string>
    const id = delivery.nativeId ?? messageId(now)
    return {
      id,
      type: '',
      version: 1,
      source: setup.name,
      time: isoTime(now),
      contentType: 'application/octet-stream',
      kind: 'document',
      headers,
      system,
      body: delivery.original.body,
    }
  }

  #fits(outgoing: Outgoing): boolean {
    try {
      this.#guard.checkSize(outgoing, 'dead-letter')
      return true
    } catch (error) {
      if (error instanceof TooLargeError) return false
      throw error
    }
  }

  /** Core keeps what it cannot settle: the endpoint pauses, one alarm is raised, and the copy is tried until it is taken. */
  async #persist(incoming: IncomingDelivery, copy: HeldMessage): Promise<void> {
    const { lost } = incoming.delivery
    let paused = false
    try {
      for (;;) {
        try {
          await this.#outlet.sendUntilTaken(copy, lost)
          return
        } catch (error) {
          if (lost.aborted || this.#scope.stopping) throw new AbandonedError(lost.aborted ? 'lock-lost' : 'stopping')
          if (!paused) {
            paused = true
            this.#pause.begin('copy-refused')
            this.#alarm(copy, error)
          }
          if ((await this.#waits.wait(tryAgainMs, lost)) === 'ended') throw new AbandonedError(lost.aborted ? 'lock-lost' : 'stopping')
        }
      }
    } finally {
      if (paused) this.#pause.end('copy-refused')
    }
  }

  #alarm({ outgoing: { envelope, destination }, purpose, scheduled }: HeldMessage, error: unknown): void {
    const to = scheduled !== undefined ? 'the schedule store' : destination.kind === 'address' ? destination.address : destination.name
    this.#scope.logger.error(
      { messageId: envelope.id, type: envelope.type, endpoint: this.#pause.endpoint, to, error: error instanceof Error ? error.message : String(error) },
      `${this.#pause.endpoint} is paused: its ${purpose} copy is refused by ${to}. Nothing is lost; it goes on when the copy is taken`,
    )
  }
}

/** Equal when the same copy is made again, different for every other one; short enough for any broker's deduplication. */
function copyId({ id, source, system }: Envelope, way: string): string {
  const facts = [
    source,
    id,
    way,
    system[systemHeader.targetHandler] ?? '',
    system[systemHeader.deadLetterHandler] ?? '',
    countOf(system, systemHeader.attempt),
    countOf(system, systemHeader.wireAttempt),
    countOf(system, systemHeader.unknownAttempt),
    countOf(system, systemHeader.copyCount),
    countOf(system, systemHeader.redriveCount),
    system[systemHeader.deliverAt] ?? '',
  ]
  return `${id.slice(0, 64)}:${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32)}`
}
