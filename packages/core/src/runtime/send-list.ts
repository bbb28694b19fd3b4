import type { PendingSend } from './pending-send.js'

/** All sends that are not settled, in the order of their calls. Linked through the sends themselves: a Set costs as much as the rest of a send. */
export class SendList {
  #first: PendingSend | undefined
  #last: PendingSend | undefined

  get isEmpty(): boolean {
    return this.#first === undefined
  }

  add(send: PendingSend): void {
    send.previous = this.#last
    if (this.#last === undefined) this.#first = send
    else this.#last.next = send
    this.#last = send
  }

  remove(send: PendingSend): void {
    if (send.previous === undefined) this.#first = send.next
    else send.previous.next = send.next
    if (send.next === undefined) this.#last = send.previous
    else send.next.previous = send.previous
    send.previous = undefined
    send.next = undefined
  }

  /** Those that match; a copy, so that they may be removed while they are walked. */
  where(matches: (send: PendingSend) => boolean): readonly PendingSend[] {
    const found: PendingSend[] = []
    for (let send = this.#first; send !== undefined; send = send.next) if (matches(send)) found.push(send)
    return found
  }
}
