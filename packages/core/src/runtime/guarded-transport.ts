import type {
  Capabilities,
  Change,
  Clock,
  Endpoint,
  Inspect,
  OnDelivery,
  Outgoing,
  PerKind,
  SizeLimits,
  SubscribeOptions,
  Subscription,
  Topology,
  Transport,
  TransportHost,
} from '../contract/index.js'
import { NotStartedError, SendAbortedError, StoppedError, TooLargeError } from '../errors/index.js'
import type { Logger } from '../logging/logger.js'
import type { Room } from './back-pressure.js'
import { Batches } from './batches.js'
import { guardedInspect } from './guarded-inspect.js'
import type { Purpose } from './instrumentation.js'
import { defaultSizeOf, limitsOf, messageLimit } from './message-size.js'
import { PendingSends } from './pending-sends.js'
import { transportFailure } from './transport-failure.js'

export interface GuardOptions {
  readonly transport: Transport
  readonly bus: string
  readonly instanceId: string
  readonly clock: Clock
  readonly logger: Logger
  readonly publishTimeoutMs: number
  /** Messages that wait for the broker before calls wait. @default 10_000 */
  readonly maxMessages?: number
  /** Their bytes. @default 64 MiB */
  readonly maxBytes?: number
  /** The framework's own sends (copies, replies, what handlers held) begin or end to fail. */
  readonly trouble?: (what: 'begins' | 'ends') => void
  /** For the jitter of waits. @default Math.random */
  readonly random?: () => number
}

export interface GuardedSend {
  readonly outgoing: Outgoing
  readonly purpose: Purpose
  readonly signal?: AbortSignal | undefined
  /** @default publishTimeoutMs */
  readonly timeoutMs?: number | undefined
}

/**
 * Wraps every transport: connects once, batches concurrent sends, checks sizes, sends again what is refused and
 * retryable, bounds what waits, and tells the broker's errors as ours. So a transport does only what its broker alone can do.
 */
export class GuardedTransport {
  readonly #options: GuardOptions
  readonly #transport: Transport
  readonly #sizeOf: (outgoing: Outgoing) => number
  readonly #pending: PendingSends
  readonly #batches: Batches
  #connecting: Promise<void> | undefined
  #hasConnected = false
  #closing: Promise<void> | undefined
  readonly #closed = Promise.withResolvers<void>()
  #limits: PerKind<SizeLimits>
  #inspect: Inspect | undefined

  constructor(options: GuardOptions) {
    const { transport, bus, instanceId, clock, logger, maxMessages = 10_000, maxBytes = 64 * 1024 * 1024, random = Math.random } = options
    this.#options = options
    this.#transport = transport
    this.#sizeOf = transport.sizeOf === undefined ? defaultSizeOf : (outgoing) => (transport.sizeOf as (outgoing: Outgoing) => number)(outgoing)
    this.#limits = limitsOf(transport.capabilities)
    this.#pending = new PendingSends({
      transport: transport.name,
      clock,
      room: { messages: maxMessages, bytes: maxBytes },
      admit: (send) => this.#batches.add(send),
      admitAgain: (send) => this.#batches.addAgain(send),
      givenUp: () => this.#batches.freeCall(),
      forget: () => this.#batches.forget(),
      trouble: options.trouble ?? (() => undefined),
      pressed: (isPressed) => {
        const { messages, bytes } = this.pending
        if (isPressed) logger.warn({ bus, transport: transport.name, messages, bytes }, 'Sends wait: the broker takes less than is sent')
        else logger.info({ bus, transport: transport.name, messages, bytes }, 'Sends do not wait any more')
      },
    })
    this.#batches = new Batches({ transport, bus, instanceId, clock, random, pending: this.#pending })
  }

  get name(): string {
    return this.#transport.name
  }

  /** Before connect: what every supported version has; after: what this broker has. */
  get capabilities(): Capabilities {
    return this.#transport.capabilities
  }

  /** What waits for the broker. */
  get pending(): Room {
    return this.#pending.taken
  }

  get inspect(): Inspect | undefined {
    if (this.#inspect === undefined && this.#transport.inspect !== undefined) this.#inspect = guardedInspect(this.name, this.#transport.inspect)
    return this.#inspect
  }

  /** Connects once, however often it is called; one that has failed may be tried again. Rejects with a `TransportError`. */
  connect(host: TransportHost): Promise<void> {
    if (this.#closing !== undefined) return Promise.reject(new StoppedError(this.#options.bus))
    this.#connecting ??= this.#connect(host)
    return this.#connecting
  }

  /**
   * Resolves when the broker has taken responsibility. Rejects with a `SendError` of one failure; where nothing has
   * left, with `BackPressureError`, `SendAbortedError`, `TooLargeError`, `StoppedError` or `NotStartedError`. While the
   * transport connects or cannot send, nothing is rejected before its deadline.
   */
  send(send: GuardedSend): Promise<void> {
    return this.#send(send, 'until its deadline')
  }

  /**
   * For what handlers held, copies and replies. Keeps the message in its place of its key and sends it again, with its
   * id, also when the last outcome is unknown: rather two than none. Uses the framework's room. Rejects when it is
   * refused for good, when the signal gives up, or when the guard closes; never because of time.
   */
  sendUntilTaken(send: GuardedSend): Promise<void> {
    return this.#send(send, 'until taken')
  }

  /** Throws `TooLargeError` for what `send` would refuse. */
  checkSize(outgoing: Outgoing, purpose: Purpose = 'message'): void {
    const error = this.#tooLarge(outgoing, purpose, this.sizeOf(outgoing))
    if (error !== undefined) throw error
  }

  /** An upper bound of the bytes that it takes on this wire. */
  sizeOf(outgoing: Outgoing): number {
    const bytes = this.#sizeOf(outgoing)
    // One that is no number would never leave the sum of what waits.
    if (!(bytes >= 0)) throw new RangeError(`the size of ${outgoing.envelope.type} cannot be ${bytes}`)
    return bytes
  }

  /** Resolves when everything pending is settled, or when the signal aborts. */
  drain(signal: AbortSignal): Promise<void> {
    return this.#pending.drained(signal)
  }

  /** Idempotent. What is pending is rejected: `refused` if it never left, else `unknown`. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async provision(topology: Topology, mode: 'create' | 'check' | 'remove'): Promise<readonly Change[]> {
    this.#mustBeConnected()
    try {
      return await this.#transport.provision(topology, mode)
    } catch (cause) {
      throw transportFailure(this.name, `${mode} the topology`, cause)
    }
  }

  async subscribe(endpoint: Endpoint, onDelivery: OnDelivery, options: SubscribeOptions): Promise<Subscription> {
    this.#mustBeConnected()
    try {
      return await this.#transport.subscribe(endpoint, onDelivery, options)
    } catch (cause) {
      throw transportFailure(this.name, `subscribe ${endpoint.name}`, cause)
    }
  }

  #send(send: GuardedSend, how: 'until its deadline' | 'until taken'): Promise<void> {
    const { outgoing, purpose, signal, timeoutMs = this.#options.publishTimeoutMs } = send
    const untilTaken = how === 'until taken'
    let bytes: number
    try {
      bytes = this.sizeOf(outgoing)
    } catch (cause) {
      return Promise.reject(transportFailure(this.name, 'size a message', cause))
    }
    const refusal = this.#refusal(send, bytes)
    if (refusal !== undefined) return Promise.reject(refusal)
    return this.#pending.add({ outgoing, purpose, bytes, framework: untilTaken || purpose !== 'message', untilTaken, timeoutMs, signal })
  }

  async #connect(host: TransportHost): Promise<void> {
    this.#hasConnected = true
    let connecting: Promise<void> | undefined
    try {
      connecting = this.#transport.connect(host)
      // A connect may hang: who closes must not wait for it, nor leave its caller waiting.
      await Promise.race([connecting, this.#closed.promise])
    } catch (cause) {
      this.#connecting = undefined
      throw transportFailure(this.name, 'connect', cause)
    }
    if (this.#closing !== undefined) {
      // Whether the transport had anything to close when it was closed, it has when it is connected.
      connecting.then(() => this.#transport.close()).catch(() => undefined)
      throw new StoppedError(this.#options.bus)
    }
    this.#limits = limitsOf(this.capabilities)
    this.#batches.open(this.#limits)
  }

  async #close(): Promise<void> {
    this.#closed.resolve()
    this.#batches.close()
    this.#pending.close(new StoppedError(this.#options.bus))
    if (!this.#hasConnected) return
    try {
      await this.#transport.close()
    } catch (cause) {
      throw transportFailure(this.name, 'close', cause)
    }
  }

  #mustBeConnected(): void {
    if (this.#closing !== undefined) throw new StoppedError(this.#options.bus)
    if (this.#connecting === undefined) throw new NotStartedError(this.#options.bus)
  }

  #refusal({ outgoing, purpose, signal }: GuardedSend, bytes: number): Error | undefined {
    if (this.#closing !== undefined) return new StoppedError(this.#options.bus)
    if (this.#connecting === undefined) return new NotStartedError(this.#options.bus)
    if (signal?.aborted === true) return new SendAbortedError(outgoing.envelope.type, { cause: signal.reason })
    return this.#tooLarge(outgoing, purpose, bytes)
  }

  #tooLarge(outgoing: Outgoing, purpose: Purpose, bytes: number): TooLargeError | undefined {
    const limit = messageLimit(this.#limits, outgoing, purpose)
    return bytes > limit ? new TooLargeError(outgoing.envelope.type, bytes, limit) : undefined
  }
}
