import type { InboxAnswer, InboxDone, InboxHeld, InboxRequest, InboxStore, InboxTooOld } from '../contract/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { HandlerContext } from './handler-context.js'
import type { HeldClaim, HeldClaims } from './held-claims.js'
import { InboxOutage } from './inbox-outage.js'
import type { StepEndpoint } from './step-endpoint.js'

export type RowAnswer = HeldClaim | InboxDone | InboxTooOld

export interface InboxCallsInit {
  readonly scope: BusScope
  readonly endpoint: StepEndpoint
  readonly claims: HeldClaims
  readonly whenDown: 'closed' | 'open'
}

/** What an endpoint asks of its inbox, and what follows when that does not answer: `closed`, it asks again until it does; `open`, it goes on without. */
export class InboxCalls {
  readonly #store: InboxStore
  readonly #endpoint: StepEndpoint
  readonly #claims: HeldClaims
  readonly #outage: InboxOutage
  readonly #whenDown: 'closed' | 'open'

  constructor(store: InboxStore, { scope, endpoint, claims, whenDown }: InboxCallsInit) {
    this.#store = store
    this.#endpoint = endpoint
    this.#claims = claims
    this.#whenDown = whenDown
    this.#outage = new InboxOutage(scope, endpoint)
  }

  /** `ended`: the lock was lost or the bus stops before there was an answer. */
  async claim(request: InboxRequest, context: HandlerContext): Promise<RowAnswer | 'ended' | 'unguarded'> {
    const { lost } = context.received.delivery
    const ended = this.#endpoint.waits.until(lost)
    const ask = (): Promise<InboxAnswer> => this.#store.claim(request, ended)
    let answer = await this.#answerOf(ask, lost, ended)
    while (typeof answer !== 'string' && answer.state === 'held') {
      try {
        // Its place belongs to others while another one has the row; its key stays its own.
        const mine = await this.#endpoint.lanes.rest(this.#wait(answer, context))
        if (mine.state === 'done' || !ended.aborted) return mine
        // It had the row and no place yet.
        await this.#claims.giveBack(mine)
        return 'ended'
      } catch (error) {
        // After a pause: a store that refuses every wait would be asked without end.
        answer = ended.aborted ? 'ended' : await this.#without(ask, error, lost)
      }
    }
    return typeof answer !== 'string' && answer.state === 'claimed' ? this.#claims.hold(answer, context) : answer
  }

  async complete({ claim, context }: HeldClaim): Promise<'done' | 'lost' | 'ended' | 'unguarded'> {
    const { reply, received } = context
    const done = reply === undefined ? noReply : { reply }
    return this.#answerOf(() => claim.complete(done), received.delivery.lost)
  }

  async #answerOf<T>(ask: () => Promise<T>, lost: AbortSignal, ended?: AbortSignal): Promise<T | 'ended' | 'unguarded'> {
    try {
      const answer = await ask()
      this.#outage.end()
      return answer
    } catch (error) {
      return ended?.aborted === true ? 'ended' : this.#without(ask, error, lost)
    }
  }

  /** The lease runs from here on: it may be long before there is a place again. */
  async #wait(answer: InboxHeld, context: HandlerContext): Promise<HeldClaim | InboxDone> {
    const row = await answer.wait()
    return row.state === 'claimed' ? this.#claims.hold(row, context) : row
  }

  async #without<T>(ask: () => Promise<T>, error: unknown, lost: AbortSignal): Promise<T | 'ended' | 'unguarded'> {
    if (this.#whenDown === 'closed') return this.#outage.bridge(ask, error, lost)
    this.#outage.begin(error, 'every message is handled, duplicates too')
    return 'unguarded'
  }
}

const noReply = Object.freeze({})
