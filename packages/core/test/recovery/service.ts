import type { Bus } from '../../src/index.js'
import type { VirtualClock } from '../../src/runtime/index.js'
import type { Life } from './shop.js'

/** The service under test, over its lives. */
export class Service {
  readonly #clock: VirtualClock
  readonly #open: (life: Life) => Promise<Bus>
  readonly #stopping: Promise<unknown>[] = []
  #bus: Bus | undefined
  #life: Life = { isStopping: false, cuts: 0 }

  constructor(clock: VirtualClock, open: (life: Life) => Promise<Bus>) {
    this.#clock = clock
    this.#open = open
  }

  async start(): Promise<void> {
    this.#life = { isStopping: false, cuts: 0 }
    this.#bus = await this.#open(this.#life)
  }

  /** All that it holds is taken away. */
  cut(): void {
    this.#life.cuts += 1
  }

  /** Begins to stop; does not wait. */
  beginStop(): void {
    const bus = this.#bus
    // One that starts is left to start.
    if (bus === undefined) return
    this.#bus = undefined
    this.#life.isStopping = true
    this.#stopping.push(bus.stop())
  }

  /** Where it has been stopped, another takes its place. */
  async startAgain(): Promise<void> {
    if (this.#bus === undefined) await this.start()
  }

  async stop(): Promise<void> {
    this.beginStop()
    await this.#clock.advance(4_000)
    await Promise.all(this.#stopping)
  }
}
