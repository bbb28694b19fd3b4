import type { InboxAnswer, InboxClaim, InboxHost, InboxRequest, InboxStore } from '../../src/contract/index.js'
import { memoryInbox } from '../../src/memory/index.js'
import type { StoreFailureScript } from './schedule.js'

export interface InboxTrouble {
  readonly scripts: readonly StoreFailureScript[]
  /** A failure has struck. */
  readonly struck: (what: string) => void
  /** The row says from now on that this is done. */
  readonly marked: (work: string) => void
}

/** The inbox of the memory, which is not always there. */
export class TroubledInbox implements InboxStore {
  readonly durability = 'process'
  readonly #inbox = memoryInbox()
  readonly #trouble: InboxTrouble
  readonly #armed: { readonly script: StoreFailureScript; passed: number; left: number }[]

  constructor(trouble: InboxTrouble) {
    this.#trouble = trouble
    this.#armed = trouble.scripts.map((script) => ({ script, passed: 0, left: script.times }))
  }

  open(host: InboxHost): Promise<void> {
    return this.#inbox.open(host)
  }

  /** From now on it is always there. */
  mend(): void {
    this.#armed.length = 0
  }

  async claim(request: InboxRequest, signal: AbortSignal): Promise<InboxAnswer> {
    if (this.#strikes('claim') !== undefined) throw new Error('the inbox is down')
    const answer = await this.#inbox.claim(request, signal)
    if (answer.state === 'claimed') return this.#watched(request, answer)
    if (answer.state !== 'held') return answer
    const wait = async (): Promise<Awaited<ReturnType<typeof answer.wait>>> => {
      const after = await answer.wait()
      return after.state === 'claimed' ? this.#watched(request, after) : after
    }
    return { state: 'held', wait }
  }

  #watched({ id, handler }: InboxRequest, claim: InboxClaim): InboxClaim {
    return {
      state: 'claimed',
      complete: async (done) => {
        const how = this.#strikes('mark')
        if (how === 'down') throw new Error('the inbox is down')
        if (how === 'taken over') {
          await claim.release()
          return 'lost'
        }
        const answer = await claim.complete(done)
        if (answer === 'done') this.#trouble.marked(`${id} ${handler}`)
        if (how === 'no answer') throw new Error('the inbox has not answered')
        return answer
      },
      release: async () => {
        if (this.#strikes('give back') !== undefined) throw new Error('the inbox is down')
        await claim.release()
      },
      renew: () => claim.renew?.() ?? Promise.resolve('held'),
    }
  }

  #strikes(of: StoreFailureScript['of']): StoreFailureScript['how'] | undefined {
    for (const armed of this.#armed) {
      const { script } = armed
      if (script.of !== of || armed.left === 0) continue
      armed.passed += 1
      if (armed.passed <= script.after) continue
      armed.left -= 1
      this.#trouble.struck(`inbox ${of}: ${script.how}`)
      return script.how
    }
    return undefined
  }
}
