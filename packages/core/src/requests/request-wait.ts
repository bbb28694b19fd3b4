import { RequestTimeoutError } from '../errors/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import type { PendingReply, PendingRequests } from './pending-requests.js'
import { Wait, type WaitLimits } from './wait.js'

/** The wait for one reply. */
export class RequestWait extends Wait<unknown> implements PendingReply {
  readonly contract: MessageContract
  readonly #pending: PendingRequests
  readonly #timeoutMs: number
  #id: string | undefined

  constructor(limits: WaitLimits, pending: PendingRequests, contract: MessageContract) {
    super(limits)
    this.contract = contract
    this.#pending = pending
    this.#timeoutMs = limits.timeoutMs
  }

  /** Under which id the reply will come. Where the caller has given up meanwhile, it is late. */
  sent(id: string, given: { readonly isGiven: boolean }): void {
    if (this.isOver) return
    this.#pending.add(id, this, given)
    this.#id = id
  }
  replied(reply: unknown): void {
    this.resolve(reply)
  }
  failed(error: Error): void {
    this.reject(error)
  }

  protected late(): void {
    this.reject(new RequestTimeoutError(this.contract.type, this.#timeoutMs, this.#id))
  }
  protected leave(): void {
    if (this.#id !== undefined) this.#pending.remove(this.#id, this)
  }
}
