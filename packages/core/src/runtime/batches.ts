import { AsyncResource } from 'node:async_hooks'
import type { Clock, Destination, PerKind, SendFailure, SizeLimits, Transport } from '../contract/index.js'
import { backOffMs } from './back-off.js'
import { failpoint } from './failpoint.js'
import { Fifo } from './fifo.js'
import type { Flight } from './flight.js'
import { announce, instrumentation } from './instrumentation.js'
import { PendingSend } from './pending-send.js'
import type { PendingSends } from './pending-sends.js'
import { Retries } from './retries.js'
import { readAnswer, unknownForAll } from './send-answer.js'
import { SendQueue, type Source } from './send-queue.js'

export interface BatchesOptions {
  readonly transport: Transport
  readonly bus: string
  readonly instanceId: string
  readonly clock: Clock
  readonly random: () => number
  readonly pending: PendingSends
}

/** Calls at once. What comes meanwhile waits, and so bursts make bigger batches. */
const mostCalls = 64
const backOff = { firstMs: 100, longestMs: 5_000 }
/** Queues are kept up to this many, and beyond it while they have something to do: reply addresses are without number. */
const mostQueues = 1_000

/** Makes the calls: full batches, one call per destination and key at a time, again what is refused for a while. */
export class Batches {
  readonly #options: BatchesOptions
  readonly #queues = { endpoint: new Map<string, SendQueue>(), topic: new Map<string, SendQueue>(), address: new Map<string, SendQueue>() }
  readonly #line = new Fifo<SendQueue>()
  readonly #retries: Retries<{ readonly queue: SendQueue; readonly source: Source }>
  readonly #flush: () => void
  #limits: PerKind<SizeLimits> | undefined
  #isScheduled = false
  #calls = 0

  constructor(options: BatchesOptions) {
    this.#options = options
    this.#retries = new Retries(options.clock, ({ queue, source }) => {
      queue.resume(source)
      this.#enlist(queue)
    })
    // A call carries the messages of many callers, so it runs in the ambient context of none of them.
    const outside = new AsyncResource('WaybillBatches')
    const depart = (): void => this.#depart()
    this.#flush = () => outside.runInAsyncScope(depart)
  }

  /** From now on calls are made. What was added before has waited. */
  open(limits: PerKind<SizeLimits>): void {
    this.#limits = limits
    this.#schedule()
  }

  close(): void {
    this.#limits = undefined
    this.#retries.close()
  }

  add(send: PendingSend): void {
    const queue = this.#queueOf(send.outgoing.destination)
    queue.add(send)
    this.#enlist(queue)
  }

  /** Its call is given up, and so it waits again, in its place. */
  addAgain(send: PendingSend): void {
    const queue = this.#queueOf(send.outgoing.destination)
    queue.addAgain(send)
    this.#enlist(queue)
  }

  /** A call that is given up may never end: it must not keep others from leaving. Its keys stay occupied until it does. */
  freeCall(): void {
    this.#calls -= 1
    this.#schedule()
  }

  /** Drops what has settled while it waited. */
  forget(): void {
    for (const queues of Object.values(this.#queues)) {
      for (const queue of queues.values()) {
        queue.forget()
        this.#evict(queue)
      }
    }
  }

  #queueOf(destination: Destination): SendQueue {
    const queues = this.#queues[destination.kind]
    const name = nameOf(destination)
    let queue = queues.get(name)
    if (queue === undefined) {
      queue = new SendQueue(destination)
      queues.set(name, queue)
    }
    return queue
  }

  #enlist(queue: SendQueue): void {
    if (queue.isListed || !queue.isReady) return
    queue.isListed = true
    this.#line.push(queue)
    this.#schedule()
  }

  // A tick, not a timer: it runs when all microtasks have run, so what is sent at once leaves at once, and a lone send waits for nothing.
  #schedule(): void {
    if (this.#isScheduled || this.#limits === undefined || this.#calls >= mostCalls || this.#line.length === 0) return
    this.#isScheduled = true
    process.nextTick(this.#flush)
  }

  #depart(): void {
    this.#isScheduled = false
    while (this.#limits !== undefined && this.#calls < mostCalls) {
      const queue = this.#line.shift()
      if (queue === undefined) return
      const flight = queue.take(queue.destination.kind === 'topic' ? this.#limits.topic : this.#limits.endpoint)
      queue.isListed = queue.isReady
      if (queue.isListed) this.#line.push(queue)
      if (flight === undefined) {
        this.#evict(queue)
        continue
      }
      this.#calls += 1
      void this.#fly(queue, flight)
    }
  }

  async #fly(queue: SendQueue, flight: Flight): Promise<void> {
    const { transport, instanceId } = this.#options
    const { messages } = flight
    const diedBefore = failpoint('before-send', instanceId)
    if (diedBefore !== undefined) await diedBefore
    let failures: readonly (SendFailure | undefined)[] | undefined
    try {
      failures = readAnswer(await transport.send(messages, flight.signal), messages.length)
    } catch (cause) {
      failures = unknownForAll(cause, messages.length)
    }
    const diedAfter = failpoint('after-send', instanceId)
    if (diedAfter !== undefined) await diedAfter
    this.#land(queue, flight, failures)
  }

  #land(queue: SendQueue, flight: Flight, failures: readonly (SendFailure | undefined)[] | undefined): void {
    const { sends } = flight
    let again: PendingSend[] | undefined
    if (!flight.givenUp) this.#calls -= 1
    for (let index = 0; index < sends.length; index += 1) {
      const send = sends[index] as PendingSend
      const failure = failures?.[index]
      // Else it was given up, and another call carries it or will.
      const isCurrent = send.flight === flight
      if (isCurrent) send.flight = undefined
      if (instrumentation.send.hasSubscribers) this.#announce(send, failure)
      if (send.settled) continue
      if (failure === undefined) this.#options.pending.confirm(send)
      else if (isCurrent && this.#options.pending.fail(send, failure) === 'again') (again ??= []).push(send)
    }
    if (again === undefined) queue.land(flight)
    else for (const source of queue.landAgain(flight, again)) this.#wait(queue, source)
    this.#enlist(queue)
    this.#schedule()
    this.#evict(queue)
  }

  #wait(queue: SendQueue, source: Source): void {
    const failures = source instanceof PendingSend ? source.failures : (source.waiting.peek()?.failures ?? 1)
    this.#retries.add({ queue, source }, backOffMs(failures, backOff, this.#options.random))
  }

  #evict(queue: SendQueue): void {
    const queues = this.#queues[queue.destination.kind]
    if (queues.size <= mostQueues || !queue.isIdle) return
    const name = nameOf(queue.destination)
    // It may stand in line after it was dropped, when another has its name.
    if (queues.get(name) === queue) queues.delete(name)
  }

  #announce({ outgoing, purpose }: PendingSend, failure: SendFailure | undefined): void {
    const { bus, instanceId } = this.#options
    if (failure === undefined) announce('send', { bus, instanceId, outgoing, purpose, outcome: 'confirmed' })
    else announce('send', { bus, instanceId, outgoing, purpose, outcome: failure.outcome, cause: failure.cause })
  }
}

function nameOf(destination: Destination): string {
  return destination.kind === 'address' ? destination.address : destination.name
}
