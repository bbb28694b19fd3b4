import type { Outgoing } from '../contract/index.js'
import { HeldBufferFullError } from '../errors/index.js'
import type { Purpose } from '../runtime/instrumentation.js'
import type { Scheduled } from '../schedule/index.js'

const mostMessages = 10_000
const mostBytes = 64 * 1024 * 1024
const nothing: readonly HeldMessage[] = Object.freeze([])

export interface HeldMessage {
  readonly outgoing: Outgoing
  readonly purpose: Purpose
  /** It goes to the schedule store, not to the broker. */
  readonly scheduled?: Scheduled | undefined
}

export interface HeldMark {
  readonly count: number
  readonly bytes: number
  readonly ordinals: ReadonlyMap<string, number>
}

/** What a handler has sent and what leaves only if it succeeds. Open while the handler runs; afterwards nothing can be put in, so nothing can be swallowed. */
export class HeldMessages {
  #messages: HeldMessage[] | undefined
  #ordinals: Map<string, number> | undefined
  #bytes = 0
  #open = true

  get isOpen(): boolean {
    return this.#open
  }

  /** In the order of the calls. */
  get messages(): readonly HeldMessage[] {
    return this.#messages ?? nothing
  }

  add(message: HeldMessage, bytes: number): void {
    // Made with the first: most handlers send nothing.
    const messages = (this.#messages ??= [])
    if (messages.length >= mostMessages || this.#bytes + bytes > mostBytes) throw new HeldBufferFullError(messages.length, this.#bytes)
    messages.push(message)
    this.#bytes += bytes
  }

  /** How many equal ones came before: the first is 0. */
  ordinalOf(identity: string): number {
    this.#ordinals ??= new Map()
    const ordinal = this.#ordinals.get(identity) ?? 0
    this.#ordinals.set(identity, ordinal + 1)
    return ordinal
  }

  /** What is held up to here; `undefined`: nothing. */
  get mark(): HeldMark | undefined {
    if (this.#messages === undefined && this.#ordinals === undefined) return undefined
    return { count: this.messages.length, bytes: this.#bytes, ordinals: new Map(this.#ordinals) }
  }

  /** Forgets what was put in since the mark, as if it had never been sent. */
  takeBack(mark: HeldMark | undefined): void {
    this.#messages = this.#messages?.slice(0, mark?.count ?? 0)
    this.#bytes = mark?.bytes ?? 0
    this.#ordinals = mark === undefined ? undefined : new Map(mark.ordinals)
  }

  close(): void {
    this.#open = false
  }
}
