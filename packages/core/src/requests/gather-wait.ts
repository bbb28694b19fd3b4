import type { Gathered } from '../context/index.js'
import { NoQuorumError } from '../errors/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import type { PendingReply, PendingRequests } from './pending-requests.js'
import { Wait, type WaitLimits } from './wait.js'

export interface GatherInit {
  readonly pending: PendingRequests
  readonly contract: MessageContract
  readonly from: readonly string[]
  readonly count: number | undefined
  readonly quorum: number | undefined
}

/** The wait for the answers of several endpoints. A failure is an answer: one fault never holds up the group. */
export class GatherWait extends Wait<Gathered<unknown>> {
  readonly legs: readonly GatherLeg[]
  readonly #init: GatherInit
  readonly #timeoutMs: number
  readonly #replies: { from: string; reply: unknown }[] = []
  readonly #failed: { from: string; error: Error }[] = []

  constructor(limits: WaitLimits, init: GatherInit) {
    super(limits)
    this.#init = init
    this.#timeoutMs = limits.timeoutMs
    this.legs = init.from.map((name) => new GatherLeg(this, name, init))
  }

  answered(leg: GatherLeg, answer: { readonly reply: unknown } | { readonly error: Error }): void {
    if (this.isOver || leg.isAnswered) return
    leg.isAnswered = true
    if ('error' in answer) this.#failed.push({ from: leg.from, error: answer.error })
    else this.#replies.push({ from: leg.from, reply: answer.reply })
    this.#release()
  }

  #release(): void {
    const { contract, from, count, quorum } = this.#init
    const answers = this.#replies.length + this.#failed.length
    if (quorum !== undefined && this.#failed.length > from.length - quorum) this.reject(new NoQuorumError(contract.type, quorum, this.#answers()))
    else if (answers === from.length) this.resolve(this.#gathered('all'))
    else if (this.#replies.length === quorum) this.resolve(this.#gathered('quorum'))
    else if (answers === count) this.resolve(this.#gathered('count'))
  }

  /** With a quorum the time is over before it was there, else it would have been released. */
  protected late(): void {
    const { contract, quorum } = this.#init
    if (quorum === undefined) this.resolve(this.#gathered('timeout'))
    else this.reject(new NoQuorumError(contract.type, quorum, this.#answers(), this.#timeoutMs))
  }

  /** What comes for them now is late. */
  protected leave(): void {
    for (const leg of this.legs) leg.forget()
  }

  #answers(): { readonly replies: Gathered<unknown>['replies']; readonly failed: Gathered<unknown>['failed']; readonly missing: readonly string[] } {
    return { replies: this.#replies, failed: this.#failed, missing: this.legs.filter(({ isAnswered }) => !isAnswered).map(({ from }) => from) }
  }

  #gathered(releasedBy: Gathered<unknown>['releasedBy']): Gathered<unknown> {
    return { ...this.#answers(), releasedBy } as Gathered<unknown>
  }
}

/** The request to one of them. */
export class GatherLeg implements PendingReply {
  readonly from: string
  readonly contract: MessageContract
  readonly #wait: GatherWait
  readonly #pending: PendingRequests
  #id: string | undefined
  isAnswered = false

  constructor(wait: GatherWait, from: string, { contract, pending }: GatherInit) {
    this.from = from
    this.contract = contract
    this.#wait = wait
    this.#pending = pending
  }

  sent(id: string): void {
    if (this.#wait.isOver) return
    this.#pending.add(id, this, { isGiven: false })
    this.#id = id
  }
  replied(reply: unknown): void {
    this.#wait.answered(this, { reply })
  }
  failed(error: Error): void {
    this.#wait.answered(this, { error })
  }
  forget(): void {
    if (this.#id !== undefined) this.#pending.remove(this.#id, this)
  }
}
