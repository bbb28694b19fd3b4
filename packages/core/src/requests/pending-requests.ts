import type { Envelope } from '../contract/index.js'
import { InvalidSendOptionError, RemoteError } from '../errors/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { deserializeReply, readJson } from '../serialization/index.js'
import { Keyed } from './keyed.js'

/** What waits for the reply to one request. It takes itself out when its caller gives up. */
export interface PendingReply {
  readonly contract: MessageContract
  replied(reply: unknown): void
  /** A fault, a reply that cannot be read, or a request that could not leave. */
  failed(error: Error): void
}

/** The requests that wait for their replies, by their ids. */
export class PendingRequests {
  readonly #scope: BusScope
  readonly #maxBodyBytes: number
  readonly #pending = new Keyed<PendingReply>()

  constructor(scope: BusScope, maxBodyBytes: number) {
    this.#scope = scope
    this.#maxBodyBytes = maxBodyBytes
  }

  /**
   * Before the request leaves: a reply may be faster than the confirm. Throws `InvalidSendOptionError` for a given id that
   * another one waits with: nobody could tell their replies apart. A derived one may come twice, when a handler runs
   * again while a request of its last run still waits: it is the same request, and its reply is for both.
   */
  add(id: string, waiting: PendingReply, { isGiven }: { readonly isGiven: boolean }): void {
    if (isGiven && this.#pending.at(id).length > 0)
      throw new InvalidSendOptionError('The id', id, 'A request with this id waits for its reply: wait for that one, or give each its own')
    this.#pending.add(id, waiting)
  }

  remove(id: string, waiting: PendingReply): void {
    this.#pending.remove(id, waiting)
  }

  /** Whether somebody waits for it: it is a reply, to a request of theirs, and of its type. One that nobody waits for is counted, and nothing of it is read. */
  expects({ kind, type, causationId }: Envelope): boolean {
    const isExpected = kind === 'reply' && causationId !== undefined && this.#pending.at(causationId).some(({ contract }) => contract.type === type)
    if (!isExpected) this.#scope.count('late-reply', `${kind} ${type} ${causationId ?? 'without a request'}`)
    return isExpected
  }

  /** What was expected cannot be read. */
  fail({ causationId }: Envelope, error: Error): void {
    if (causationId !== undefined) for (const waiting of this.#pending.take(causationId)) waiting.failed(error)
  }

  /** What was expected has passed the wire steps. Its caller may have given up meanwhile. */
  settle(envelope: Envelope, body: Uint8Array): void {
    const { causationId } = envelope
    if (causationId === undefined || !this.expects(envelope)) return
    for (const waiting of this.#pending.take(causationId)) this.#answer(waiting, envelope, body)
  }

  #answer(waiting: PendingReply, { type, version, contentType, system, causationId }: Envelope, body: Uint8Array): void {
    let reply: unknown
    try {
      const fault = system['fault']
      if (fault !== undefined && fault !== '') throw new RemoteError(readFault(body, fault), causationId ?? '')
      reply = deserializeReply(waiting.contract, { type, version, contentType, body }, this.#maxBodyBytes)
    } catch (error) {
      return waiting.failed(error instanceof Error ? error : new Error(String(error)))
    }
    waiting.replied(reply)
  }
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
