import type { Clock, SendFailure } from '../contract/index.js'
import { BackPressureError, PublishTimeoutError, SendAbortedError, SendError } from '../errors/index.js'
import { BackPressure, type Room } from './back-pressure.js'
import { BrokerTrouble } from './broker-trouble.js'
import { CallerSignals } from './caller-signals.js'
import { Deadlines, timeIsOver } from './deadlines.js'
import { PendingSend, type Call, type SendFacts } from './pending-send.js'
import { SendList } from './send-list.js'

export interface PendingSendsOptions {
  readonly transport: string
  readonly clock: Clock
  readonly room: Room
  /** There is room for it: it may leave. */
  readonly admit: (send: PendingSend) => void
  /** It has left with a call that is given up: it may leave again, before what waits behind it. */
  readonly admitAgain: (send: PendingSend) => void
  /** A call is given up: another may take its place. */
  readonly givenUp: () => void
  readonly pressed: (isPressed: boolean) => void
  readonly trouble: (what: 'begins' | 'ends') => void
  /** Some that have not left have settled: whoever keeps them may drop them. */
  readonly forget: () => void
}

/** A transport answers an aborted call at once; this is what "at once" may take. */
const graceMs = 100

/** Every send that its caller waits for: admitted when there is room, settled once, at the latest at its deadline. */
export class PendingSends {
  readonly #transport: string
  readonly #clock: Clock
  readonly #admitAgain: (send: PendingSend) => void
  readonly #givenUp: () => void
  readonly #forget: () => void
  readonly #room: BackPressure
  readonly #trouble: BrokerTrouble
  readonly #deadlines: Deadlines
  readonly #sends = new SendList()
  readonly #drains = new Set<() => void>()
  readonly #callers = new CallerSignals((send, reason) => this.#abort(send, reason))
  #hasLeavers = false

  constructor({ transport, clock, room, admit, admitAgain, givenUp, pressed, trouble, forget }: PendingSendsOptions) {
    this.#transport = transport
    this.#clock = clock
    this.#admitAgain = admitAgain
    this.#givenUp = givenUp
    this.#forget = forget
    this.#room = new BackPressure(room, { admit, pressed })
    this.#trouble = new BrokerTrouble(trouble)
    this.#deadlines = new Deadlines(clock, (nowMs) => this.#pass(nowMs))
  }

  /** What is admitted and not settled. */
  get taken(): Room {
    return { messages: this.#room.messages, bytes: this.#room.bytes }
  }

  add(facts: SendFacts): Promise<void> {
    const { timeoutMs, signal } = facts
    const send = new PendingSend(facts, this.#deadlines.in(timeoutMs), signal === undefined ? undefined : this.#callers.of(signal))
    this.#sends.add(send)
    this.#room.enter(send)
    return send.promise
  }

  confirm(send: PendingSend): void {
    send.confirm()
    this.#leave(send, 'confirmed')
  }

  /**
   * An answer that did not confirm it: whether it is to be sent again, or has settled. A user decides about a message
   * that may be there; of its own sends the framework rather has two than none.
   */
  fail(send: PendingSend, failure: Omit<SendFailure, 'index'>): 'again' | 'settled' {
    const isUnknown = failure.outcome === 'unknown'
    const nowMs = this.#clock.now()
    const isOver = send.deadline.atMs <= nowMs
    const mayGoAgain = failure.retryable && (!isUnknown || send.framework) && !send.isPointless(nowMs)
    if (failure.cause !== timeIsOver) send.lastCause = failure.cause
    if (mayGoAgain && (!isOver || send.untilTaken)) {
      send.failures += 1
      send.mayBeThere ||= isUnknown
      if (isOver) this.#renew(send)
      this.#trouble.failed(send)
      return 'again'
    }
    if (isOver && (failure.retryable || isUnknown)) this.#timeOut(send, failure.outcome)
    else this.#end(send, failure)
    return 'settled'
  }

  /** Resolves when nothing is pending, or when the signal aborts. */
  drained(signal: AbortSignal): Promise<void> {
    if (this.#sends.isEmpty || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const end = (): void => {
        signal.removeEventListener('abort', end)
        this.#drains.delete(end)
        resolve()
      }
      signal.addEventListener('abort', end)
      this.#drains.add(end)
    })
  }

  close(cause: Error): void {
    this.#deadlines.close(cause)
    for (const send of this.#sends.where(() => true)) {
      send.flight?.abort(cause)
      this.#end(send, { outcome: send.flight === undefined ? 'refused' : 'unknown', retryable: false, cause })
    }
  }

  /** Ends it without a confirmation. It is `refused` only if no attempt of it can have arrived. */
  #end(send: PendingSend, { outcome, retryable, cause }: Omit<SendFailure, 'index'>): void {
    const { type, id } = send.outgoing.envelope
    this.#reject(send, new SendError(this.#transport, [{ type, id, outcome: send.mayBeThere ? 'unknown' : outcome, retryable, cause }]))
  }

  #timeOut(send: PendingSend, outcome: SendFailure['outcome']): void {
    const mayBeThere = send.mayBeThere || outcome === 'unknown'
    const cause = new PublishTimeoutError(send.timeoutMs, mayBeThere, send.lastCause === undefined ? undefined : { cause: send.lastCause })
    this.#end(send, { outcome, retryable: true, cause })
  }

  /** Another attempt gets a time of its own. */
  #renew(send: PendingSend): void {
    send.deadline = this.#deadlines.in(send.timeoutMs)
  }

  #reject(send: PendingSend, error: Error): void {
    send.fail(error)
    this.#leave(send, 'failed')
  }

  #leave(send: PendingSend, how: 'confirmed' | 'failed'): void {
    this.#sends.remove(send)
    this.#room.leave(send)
    this.#trouble.settled(send, how)
    send.flight?.leave()
    if (this.#drains.size > 0 && this.#sends.isEmpty) for (const end of this.#drains) end()
  }

  #abort(send: PendingSend, reason: unknown): void {
    const cause = new SendAbortedError(send.outgoing.envelope.type, { cause: reason })
    this.#hasLeavers ||= send.flight === undefined
    if (send.flight === undefined && !send.mayBeThere) this.#reject(send, cause)
    else this.#end(send, { outcome: 'unknown', retryable: true, cause })
  }

  #pass(nowMs: number): void {
    const over = this.#sends.where((send) => send.deadline.atMs <= nowMs)
    let inFlight = false
    // Those without room first: the end of others would admit them.
    for (const send of over) {
      if (send.untilTaken && !send.isPointless(nowMs) && (send.flight === undefined || send.flight.deadline.atMs > nowMs)) this.#renew(send)
      else if (!send.admitted) this.#reject(send, new BackPressureError(this.#room.messages, this.#room.bytes, send.timeoutMs))
    }
    for (const send of over) {
      if (send.settled || send.deadline.atMs > nowMs) continue
      if (send.flight === undefined) this.#timeOut(send, 'refused')
      else if (send.flight.deadline.atMs > nowMs) this.#timeOut(send, 'unknown')
      else {
        send.flight.abort(timeIsOver)
        inFlight = true
      }
    }
    if (over.length > 0 || this.#hasLeavers) {
      this.#hasLeavers = false
      this.#room.forget()
      this.#forget()
    }
    if (inFlight) this.#clock.after(graceMs, () => this.#giveUp(nowMs))
  }

  /** The transport has not answered its aborted calls. A call is given up as a whole, from its last message: each goes in front of what has waited behind it. */
  #giveUp(overMs: number): void {
    for (const send of this.#sends.where(({ flight }) => flight !== undefined && flight.deadline.atMs <= overMs).toReversed()) {
      const call = send.flight as Call
      if (!call.givenUp) {
        call.givenUp = true
        this.#givenUp()
      }
      if (send.untilTaken && !send.isPointless(overMs)) this.#goAgain(send)
      else this.#timeOut(send, 'unknown')
    }
  }

  /** Its call is as good as gone. Should it be confirmed all the same, that counts. */
  #goAgain(send: PendingSend): void {
    send.flight = undefined
    send.mayBeThere = true
    this.#renew(send)
    this.#admitAgain(send)
  }
}
