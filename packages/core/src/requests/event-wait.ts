import type { EventOutcome } from '../context/index.js'
import { EventTimeoutError } from '../errors/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import type { Keyed } from './keyed.js'
import { Wait, type WaitLimits } from './wait.js'

/** An event that may answer, and what it means then. */
export interface Expected {
  readonly contract: MessageContract
  readonly outcome: 'success' | 'failure'
}

export interface EventWaitInit {
  readonly waits: Keyed<EventWait>
  /** The type of the command. */
  readonly type: string
  readonly expected: ReadonlyMap<string, Expected>
}

/** The wait for the first of some events that one command causes. */
export class EventWait extends Wait<EventOutcome<object, object>> {
  readonly #init: EventWaitInit
  readonly #timeoutMs: number
  #sent: { readonly name: string; readonly id: string } | undefined

  constructor(limits: WaitLimits, init: EventWaitInit) {
    super(limits)
    this.#init = init
    this.#timeoutMs = limits.timeoutMs
  }

  /** From now on its events are looked for. */
  sent(name: string, id: string): void {
    if (this.isOver) return
    this.#init.waits.add(name, this)
    this.#sent = { name, id }
  }

  expects(type: string): Expected | undefined {
    return this.#init.expected.get(type)
  }

  protected late(): void {
    const { type, expected } = this.#init
    this.reject(new EventTimeoutError(type, [...expected.keys()], { timeoutMs: this.#timeoutMs, id: this.#sent?.id }))
  }
  protected leave(): void {
    if (this.#sent !== undefined) this.#init.waits.remove(this.#sent.name, this)
  }
}
