import type { InboxAnswer, InboxClaim, InboxStore } from '../../src/contract/index.js'

/** An inbox whose calls can be made to fail, as a store that is down. */
export interface BreakableInbox {
  readonly store: InboxStore
  /** Which calls fail now. */
  down: 'nothing' | 'everything' | 'complete' | 'renew'
  /** How often it was asked while it was down. */
  refused: number
}

export function breakable(inner: InboxStore): BreakableInbox {
  const inbox: BreakableInbox = { store: { durability: inner.durability, open, claim }, down: 'nothing', refused: 0 }
  return inbox

  async function open(host: Parameters<NonNullable<InboxStore['open']>>[0]): Promise<void> {
    await inner.open?.(host)
  }
  async function claim(...request: Parameters<InboxStore['claim']>): Promise<InboxAnswer> {
    check('everything')
    return around(await inner.claim(...request))
  }
  function around(answer: InboxAnswer): InboxAnswer {
    switch (answer.state) {
      case 'claimed':
        return holding(answer)
      case 'held':
        return { state: 'held', wait: async () => around(await answer.wait()) as InboxClaim }
      case 'done':
      case 'too-old':
        return answer
    }
  }
  function holding(claimed: InboxClaim): InboxClaim {
    return {
      state: 'claimed',
      complete: async (done) => {
        check('complete')
        return claimed.complete(done)
      },
      release: async () => {
        check('everything')
        return claimed.release()
      },
      renew: async () => {
        check('renew')
        return (await claimed.renew?.()) ?? 'held'
      },
    }
  }
  function check(call: 'everything' | 'complete' | 'renew'): void {
    if (inbox.down !== 'everything' && inbox.down !== call) return
    inbox.refused += 1
    throw new Error('the store is down')
  }
}
