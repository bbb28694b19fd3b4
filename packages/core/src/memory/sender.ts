import type { DelayLimit, Destination, Outgoing, SendFailure, SizeLimits } from '../contract/index.js'
import type { Broker } from './broker.js'
import type { MemoryCapabilities } from './capabilities.js'
import { never, type Connection } from './connection.js'
import type { Route } from './entities.js'
import { forwarded, keyOf, toNative } from './envelope-mapping.js'
import { batchTooLarge, MemoryError, messageTooLarge, noOrdering, notSupported, unroutable } from './errors.js'
import type { Hold } from './faults.js'
import type { Link } from './link.js'
import { sizeOf } from './size-of.js'

type Failure = Omit<SendFailure, 'index'>

const confirmed: Promise<readonly SendFailure[]> = Promise.resolve(Object.freeze([]))

export class Sender {
  readonly #broker: Broker
  readonly #connection: Connection
  readonly #capabilities: MemoryCapabilities

  constructor(broker: Broker, connection: Connection, capabilities: MemoryCapabilities) {
    this.#broker = broker
    this.#connection = connection
    this.#capabilities = capabilities
  }

  send(messages: readonly Outgoing[], signal: AbortSignal): Promise<readonly SendFailure[]> {
    if (this.#connection.crashed) return never()
    if (signal.aborted) return Promise.resolve(all(messages, { outcome: 'refused', retryable: true, cause: signal.reason }))
    const link = this.#connection.link
    if (link === undefined) return Promise.resolve(all(messages, refused(this.#connection.whyDown)))
    const hold = this.#broker.faults.holdOf(link.instanceId)
    if (hold !== undefined) return this.#sendHeld(messages, { signal, link, hold })
    const failures = this.#take(messages, link)
    return failures.length === 0 ? confirmed : Promise.resolve(failures)
  }

  async #sendHeld(
    messages: readonly Outgoing[],
    { signal, link, hold }: { readonly signal: AbortSignal; readonly link: Link; readonly hold: Hold },
  ): Promise<readonly SendFailure[]> {
    const taken = hold.options.taken === true ? this.#take(messages, link) : undefined
    const how = await hold.wait(signal, link.ended.signal)
    if (this.#connection.crashed) return never()
    if (how === 'resumed') return taken ?? this.#take(messages, link)
    const cause: unknown = signal.aborted ? signal.reason : link.ended.signal.reason
    const known = new Map(taken?.map((failure) => [failure.index, failure]))
    return messages.map((_, index) => known.get(index) ?? { index, outcome: 'unknown', retryable: true, cause })
  }

  #take(messages: readonly Outgoing[], link: Link): SendFailure[] {
    const to = messages[0]?.destination
    if (to === undefined) return []
    const limits = this.#capabilities.limits[kindOf(to)]
    const refusal = this.#refusalOfCall(messages, limits)
    if (refusal !== undefined) return all(messages, refused(refusal))
    const route = this.#broker.entities.route(to)
    const failures: SendFailure[] = []
    let stopped: Map<string, Failure> | undefined
    for (let index = 0; index < messages.length; index += 1) {
      const message = messages[index]
      if (message === undefined) continue
      const { key } = message.envelope
      // One that failed must not be passed by a later one of its key.
      const failure = (key === undefined ? undefined : stopped?.get(key)) ?? this.#takeOne(message, route, link)
      if (failure === undefined) continue
      failures.push({ index, outcome: failure.outcome, retryable: failure.retryable, cause: failure.cause })
      if (key !== undefined) (stopped ??= new Map()).set(key, { outcome: 'refused', retryable: failure.retryable, cause: failure.cause })
    }
    return failures
  }

  #takeOne(message: Outgoing, route: Route | undefined, link: Link): Failure | undefined {
    const fault = this.#broker.faults.ofSend(message, link.instanceId)
    if (fault !== undefined && !fault.taken) return fault
    const { envelope, original, copyId, notBefore } = message
    const refusal = this.#refusalOf(message)
    if (refusal !== undefined) return refused(refusal)
    if (route === undefined) return this.#lose(message) ?? fault
    try {
      const headers = original === undefined ? toNative(envelope) : forwarded(original, envelope.system)
      const { body } = original ?? envelope
      this.#broker.take(route, { body, headers, key: original === undefined ? envelope.key : (keyOf(headers) ?? envelope.key), copyId, notBefore })
    } catch (error) {
      if (error instanceof MemoryError) return refused(error)
      throw error
    }
    return fault
  }

  /** A reply that finds nobody is no error of the responder. */
  #lose({ destination, envelope }: Outgoing): Failure | undefined {
    if (destination.kind === 'address' && envelope.kind === 'reply') {
      this.#connection.host.report({ kind: 'dropped-reply' })
      return undefined
    }
    const silent = this.#capabilities.unroutable === 'silent' && destination.kind !== 'topic'
    return silent ? undefined : refused(unroutable(destination))
  }

  #refusalOfCall(messages: readonly Outgoing[], { batchCount, batchBytes }: SizeLimits): MemoryError | undefined {
    if (messages.length > batchCount) return batchTooLarge('messages', messages.length, batchCount)
    if (messages.length === 1) return undefined
    let bytes = 0
    for (const message of messages) bytes += sizeOf(message)
    return bytes > batchBytes ? batchTooLarge('bytes', bytes, batchBytes) : undefined
  }

  #refusalOf(message: Outgoing): MemoryError | undefined {
    const { destination: to, envelope, notBefore } = message
    const { limits, delay } = this.#capabilities
    const kind = kindOf(to)
    const bytes = sizeOf(message)
    if (bytes > limits[kind].messageBytes) return messageTooLarge(envelope.type, bytes, limits[kind].messageBytes)
    if (notBefore !== undefined) {
      const refusal = this.#refusalOfDelay(notBefore - this.#connection.host.clock.now(), delay[kind], kind)
      if (refusal !== undefined) return refusal
    }
    return this.#refusalOfDestination(to)
  }

  #refusalOfDelay(ms: number, limit: DelayLimit | 'none', kind: string): MemoryError | undefined {
    if (ms <= 0) return undefined
    if (limit === 'none') return notSupported(`delay to a ${kind}`, 'send it when it is due, or choose a transport that can delay')
    return ms > limit.maxMs ? notSupported(`delay of ${ms} ms to a ${kind} (the limit is ${limit.maxMs} ms)`, 'choose a shorter delay') : undefined
  }

  #refusalOfDestination(to: Destination): MemoryError | undefined {
    const { privateAddress, replies, ordering } = this.#capabilities
    switch (to.kind) {
      case 'endpoint':
        if (!privateAddress) return notSupported('own addresses of endpoints', 'publish to a topic, or choose a transport that has them')
        break
      case 'address':
        return replies === 'none' ? notSupported('reply addresses', 'choose a transport that has them') : undefined
      case 'topic':
        break
    }
    return to.ordered && ordering.unit === 'none' ? noOrdering() : undefined
  }
}

const kindOf = (to: Destination): 'endpoint' | 'topic' => (to.kind === 'topic' ? 'topic' : 'endpoint')

function refused(cause: MemoryError): Failure {
  return { outcome: 'refused', retryable: cause.retryable, cause }
}

function all(messages: readonly Outgoing[], { outcome, retryable, cause }: Failure): SendFailure[] {
  return messages.map((_, index) => ({ index, outcome, retryable, cause }))
}
