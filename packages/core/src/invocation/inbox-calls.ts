import type { Envelope, InboxClaim, InboxDone, InboxRequest, InboxStore, InboxTooOld } from '../contract/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { InboxOutage } from './inbox-outage.js'
import type { StepEndpoint } from './step-endpoint.js'

export type RowAnswer = InboxClaim | InboxDone | InboxTooOld

/** What an endpoint asks of its inbox, and what follows when that does not answer: `closed`, it asks again until it does; `open`, it goes on without. */
export class InboxCalls {
  readonly #store: InboxStore
  readonly #endpoint: StepEndpoint
  readonly #outage: InboxOutage
  readonly #whenDown: 'closed' | 'open'

  constructor(store: InboxStore, whenDown: 'closed' | 'open', { scope, endpoint }: { readonly scope: BusScope; readonly endpoint: StepEndpoint }) {
    this.#store = store
    this.#endpoint = endpoint
    this.#whenDown = whenDown
    this.#outage = new InboxOutage(scope, endpoint)
  }

  /** `ended`: the lock was lost or the bus stops before there was an answer. */
  async claim(request: InboxRequest, lost: AbortSignal): Promise<RowAnswer | 'ended' | 'unguarded'> {
    const ended = this.#endpoint.waits.until(lost)
    try {
      const answer = await this.#ask(request, ended)
      this.#outage.end()
      return answer
    } catch (error) {
      if (ended.aborted) return 'ended'
      return this.#without(error) ? 'unguarded' : this.#outage.bridge(() => this.#ask(request, ended), error, lost)
    }
  }

  async complete(claim: InboxClaim, reply: Envelope | undefined, lost: AbortSignal): Promise<'done' | 'lost' | 'ended' | 'unguarded'> {
    const done = reply === undefined ? noReply : { reply }
    try {
      const marked = await claim.complete(done)
      this.#outage.end()
      return marked
    } catch (error) {
      return this.#without(error) ? 'unguarded' : this.#outage.bridge(() => claim.complete(done), error, lost)
    }
  }

  async #ask(request: InboxRequest, ended: AbortSignal): Promise<RowAnswer> {
    const answer = await this.#store.claim(request, ended)
    // Its place belongs to others while another one has the row; its key stays its own.
    return answer.state === 'held' ? this.#endpoint.lanes.rest(answer.wait()) : answer
  }

  #without(error: unknown): boolean {
    if (this.#whenDown === 'open') this.#outage.begin(error, 'every message is handled, duplicates too')
    return this.#whenDown === 'open'
  }
}

const noReply = Object.freeze({})
