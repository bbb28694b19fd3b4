import type { PendingSend } from './pending-send.js'

/**
 * Whether the framework's own sends fail: then whoever takes in messages had better not take in more. It ends when one
 * is confirmed, and when none that has failed is pending any more: else nothing would be left that could end it.
 */
export class BrokerTrouble {
  readonly #tell: (what: 'begins' | 'ends') => void
  #failing = 0
  #isOn = false

  constructor(tell: (what: 'begins' | 'ends') => void) {
    this.#tell = tell
  }

  /** It has failed, and will be sent again. */
  failed(send: PendingSend): void {
    if (!counts(send)) return
    if (send.failures === 1) this.#failing += 1
    this.#turn(true)
  }

  settled(send: PendingSend, how: 'confirmed' | 'failed'): void {
    if (!counts(send)) return
    if (send.failures > 0) this.#failing -= 1
    if (how === 'confirmed' || this.#failing === 0) this.#turn(false)
  }

  #turn(isOn: boolean): void {
    if (this.#isOn === isOn) return
    this.#isOn = isOn
    this.#tell(isOn ? 'begins' : 'ends')
  }
}

/** One requester that cannot be reached is no trouble of the broker. Where all replies fail, the handlers that wait for them are soon as many as may run. */
const counts = ({ framework, purpose }: PendingSend): boolean => framework && purpose !== 'reply'
