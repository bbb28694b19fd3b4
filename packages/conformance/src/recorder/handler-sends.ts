import type { Outgoing } from '@waybill/core/contract'
import type { Fact } from '../history/history.js'

type Outcome = 'confirmed' | 'refused' | 'unknown'

/** Where facts are written down. */
interface Notes {
  note(fact: Fact): void
  /** The next place in the order of these messages. */
  sequence(instance: string, to: string, key: string | undefined): number
}

/** What handlers send. It is known only by the broker's answers: a refusal is tried again by core, and so is no outcome yet. */
export class HandlerSends {
  readonly #recorder: Notes
  /** Of those that are not confirmed. */
  readonly #outcomes = new Map<string, Exclude<Outcome, 'confirmed'>>()
  /** Where a message stands in its order, however often it is sent. */
  readonly #placed = new Map<string, number>()

  constructor(recorder: Notes) {
    this.#recorder = recorder
  }

  sent(instance: string, { envelope, destination, notBefore }: Outgoing, outcome: Outcome): void {
    const { id: message, key, expiresAt } = envelope
    const before = this.#outcomes.get(message)
    // After a confirmation it is not core that tries again, but a handler that runs again: it is published twice.
    if (before === undefined) {
      const to = destination.kind === 'address' ? destination.address : destination.name
      const sequence = this.#placed.get(message) ?? this.#recorder.sequence(instance, to, key)
      this.#placed.set(message, sequence)
      this.#recorder.note({
        ...{ kind: 'publish-started', message, to, instance, sequence },
        ...(key !== undefined && { key }),
        ...(notBefore !== undefined && { notBefore }),
        ...(expiresAt !== undefined && { expiresAt }),
      })
    }
    if (outcome !== 'confirmed') {
      this.#outcomes.set(message, before === 'unknown' ? 'unknown' : outcome)
      return
    }
    this.#outcomes.delete(message)
    this.#recorder.note({ kind: 'publish-ended', message, outcome })
  }

  /** Nothing is tried again any more. */
  end(): void {
    for (const [message, outcome] of this.#outcomes) this.#recorder.note({ kind: 'publish-ended', message, outcome })
    this.#outcomes.clear()
  }
}
