import { Fifo } from './fifo.js'
import type { PendingSend } from './pending-send.js'

export interface Room {
  readonly messages: number
  readonly bytes: number
}

/**
 * Bounds what waits for the broker. A quarter of the room is for the framework's own sends, and they come first:
 * a flood of a user's messages must not hold up the copies and replies that let handlers end. What finds no room waits
 * in the order of its calls.
 */
export class BackPressure {
  readonly #most: Room
  readonly #mostOfUsers: Room
  readonly #admit: (send: PendingSend) => void
  readonly #pressed: (isPressed: boolean) => void
  readonly #waitingFramework = new Fifo<PendingSend>()
  readonly #waitingUsers = new Fifo<PendingSend>()
  messages = 0
  bytes = 0
  #isPressed = false

  /** `pressed` hears when calls begin to wait, and when less than half of the room is taken again. */
  constructor(most: Room, { admit, pressed }: { readonly admit: (send: PendingSend) => void; readonly pressed: (isPressed: boolean) => void }) {
    this.#most = most
    this.#mostOfUsers = { messages: Math.max(1, Math.floor((most.messages * 3) / 4)), bytes: Math.floor((most.bytes * 3) / 4) }
    this.#admit = admit
    this.#pressed = pressed
  }

  enter(send: PendingSend): void {
    const waiting = send.framework ? this.#waitingFramework : this.#waitingUsers
    if (waiting.length === 0 && this.#fits(send)) return this.#take(send)
    waiting.push(send)
    if (this.#isPressed) return
    this.#isPressed = true
    this.#pressed(true)
  }

  leave(send: PendingSend): void {
    if (!send.admitted) return
    this.messages -= 1
    this.bytes -= send.bytes
    if (this.#waitingFramework.length > 0) this.#admitFrom(this.#waitingFramework)
    if (this.#waitingUsers.length > 0) this.#admitFrom(this.#waitingUsers)
    if (this.#isPressed) this.#ease()
  }

  /** Drops those that have settled while they waited. */
  forget(): void {
    for (const waiting of [this.#waitingFramework, this.#waitingUsers]) {
      if (waiting.length === 0) continue
      waiting.keep((send) => !send.settled)
      this.#admitFrom(waiting)
    }
  }

  #admitFrom(waiting: Fifo<PendingSend>): void {
    for (let send = waiting.peek(); send !== undefined && (send.settled || this.#fits(send)); send = waiting.peek()) {
      waiting.shift()
      if (!send.settled) this.#take(send)
    }
  }

  #take(send: PendingSend): void {
    this.messages += 1
    this.bytes += send.bytes
    send.admitted = true
    this.#admit(send)
  }

  #fits(send: PendingSend): boolean {
    const most = send.framework ? this.#most : this.#mostOfUsers
    // One message fits always: else one that is larger than the room would wait for ever.
    return this.messages === 0 || (this.messages < most.messages && this.bytes + send.bytes <= most.bytes)
  }

  #ease(): void {
    if (this.#waitingUsers.length > 0 || this.#waitingFramework.length > 0 || this.messages * 2 > this.#most.messages || this.bytes * 2 > this.#most.bytes)
      return
    this.#isPressed = false
    this.#pressed(false)
  }
}
