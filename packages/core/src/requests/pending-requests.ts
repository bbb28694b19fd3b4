import type { Envelope } from '../contract/index.js'
import { InvalidSendOptionError, RemoteError, RequestTimeoutError, StoppedError } from '../errors/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { deserializeReply, readJson } from '../serialization/index.js'

interface Pending {
  readonly contract: MessageContract
  readonly resolve: (reply: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: { cancel(): void }
  readonly endSignal: (() => void) | undefined
}

export interface PendingInit {
  readonly id: string
  readonly contract: MessageContract
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** The requests that wait for their replies. Each ends exactly once: reply, fault, time-out, abort or stop; nothing of it stays. */
export class PendingRequests {
  readonly #scope: BusScope
  readonly #maxBodyBytes: number
  readonly #pending = new Map<string, Pending>()

  constructor(scope: BusScope, maxBodyBytes: number) {
    this.#scope = scope
    this.#maxBodyBytes = maxBodyBytes
  }

  get size(): number {
    return this.#pending.size
  }

  has(id: string): boolean {
    return this.#pending.has(id)
  }

  /** Registered before the request leaves: a reply may be faster than the confirm. Throws `InvalidSendOptionError` for an id that another one waits with: nobody could tell their replies apart. */
  expect({ id, contract, timeoutMs, signal }: PendingInit): Promise<unknown> {
    if (this.#pending.has(id))
      throw new InvalidSendOptionError('The id', id, 'A request with this id waits for its reply: wait for that one, or give each its own')
    return new Promise((resolve, reject) => {
      const timer = this.#scope.clock.after(timeoutMs, () => this.fail(id, new RequestTimeoutError(contract.type, timeoutMs, id)))
      let endSignal: (() => void) | undefined
      if (signal !== undefined) {
        const abort = (): void => this.fail(id, abortReason(signal))
        signal.addEventListener('abort', abort, { once: true })
        endSignal = () => signal.removeEventListener('abort', abort)
      }
      this.#pending.set(id, { contract, resolve, reject, timer, endSignal })
    })
  }

  fail(id: string, error: Error): void {
    this.#take(id)?.reject(error)
  }

  failAll(): void {
    for (const id of [...this.#pending.keys()]) this.fail(id, new StoppedError(this.#scope.bus))
  }

  /** A reply has arrived, its wire steps done. One that nobody waits for is counted and dropped. */
  settle(envelope: Envelope, body: Uint8Array): void {
    const id = envelope.causationId
    const pending = id === undefined ? undefined : this.#take(id)
    if (id === undefined || pending === undefined) {
      this.#scope.count('late-reply', `${envelope.type} ${id ?? 'without a request'}`)
      return
    }
    try {
      const { type, version, contentType } = envelope
      const fault = envelope.system['fault']
      if (fault === undefined || fault === '') pending.resolve(deserializeReply(pending.contract, { type, version, contentType, body }, this.#maxBodyBytes))
      else pending.reject(new RemoteError(readFault(body, fault), id))
    } catch (error) {
      pending.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id)
    if (pending === undefined) return undefined
    this.#pending.delete(id)
    pending.timer.cancel()
    pending.endSignal?.()
    return pending
  }
}

function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new DOMException('The request was aborted', 'AbortError')
}

/** What another process says about its failure; any field may be missing. */
function readFault(body: Uint8Array, code: string): ConstructorParameters<typeof RemoteError>[0] {
  const value = readJson(body)
  const field = (name: string): unknown => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined)
  const text = (name: string, other: string): string => {
    const got = field(name)
    return typeof got === 'string' ? got : other
  }
  const attempt = field('attempt')
  return {
    name: text('name', 'Error'),
    message: text('message', ''),
    code,
    handler: text('handler', 'unknown'),
    attempt: typeof attempt === 'number' ? attempt : 1,
  }
}
