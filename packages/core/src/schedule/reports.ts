import type { Claim, GivenBack, ScheduleStore } from '../contract/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { StoreCalls } from './store-calls.js'

const mostAtOnce = 1_000
/** After the end of a stop, for the last call. */
const patienceMs = 1_000

/** What became of claimed rows, on its way to the store. That one is sent is told until the store has heard it; one that is given back comes back by itself when its lease is over. */
export class Reports {
  readonly #scope: BusScope
  readonly #store: ScheduleStore
  readonly #calls: StoreCalls
  readonly #sent = new Map<string, Claim>()
  readonly #givenBack: GivenBack[] = []
  #telling: Promise<void> | undefined

  constructor({ scope, store, calls }: { readonly scope: BusScope; readonly store: ScheduleStore; readonly calls: StoreCalls }) {
    this.#scope = scope
    this.#store = store
    this.#calls = calls
  }

  /** It is sent, and the store may not know. */
  has({ key }: Claim): boolean {
    return this.#sent.has(key)
  }

  sent({ key, token }: Claim): void {
    this.#sent.set(key, { key, token })
    this.#tell()
  }

  givenBack(row: GivenBack): void {
    this.#givenBack.push(row)
    this.#tell()
  }

  /** Resolves when the store knows it all, or soon after the signal has aborted. */
  async drained(signal: AbortSignal): Promise<void> {
    await this.#toldUnless(signal)
    const patience = new AbortController()
    await Promise.race([this.#telling, this.#calls.wait(patienceMs, patience.signal)])
    patience.abort()
    if (this.#sent.size === 0) return
    this.#scope.logger.warn(
      { bus: this.#scope.bus, messages: this.#sent.size },
      `${this.#sent.size} due messages are sent, and the schedule store could not be told: they may be sent again, with the same ids`,
    )
  }

  async #toldUnless(signal: AbortSignal): Promise<void> {
    if (this.#telling === undefined || signal.aborted) return
    const { promise: aborted, resolve } = Promise.withResolvers<void>()
    const abort = (): void => resolve()
    signal.addEventListener('abort', abort)
    await Promise.race([this.#telling, aborted])
    signal.removeEventListener('abort', abort)
  }

  #tell(): void {
    this.#telling ??= this.#untilTold()
  }

  async #untilTold(): Promise<void> {
    // In a later step than the first report: those of one batch go together.
    await Promise.resolve()
    for (let failures = 0; this.#sent.size > 0 || this.#givenBack.length > 0;) {
      try {
        await this.#attempt()
        failures = 0
      } catch {
        failures += 1
        if ((await this.#calls.rest(failures)) === 'ended') break
      }
    }
    // In the same step as the last look: what is told now starts a run of its own.
    this.#telling = undefined
  }

  async #attempt(): Promise<void> {
    const { bus, clock } = this.#scope
    const back = this.#givenBack.length
    // First what is sent: what has come again since goes back only when the store has been told of its first time.
    for (const all = [...this.#sent.values()]; all.length > 0;) {
      const sent = all.splice(0, mostAtOnce)
      await this.#calls.call('remove what is sent', () => this.#store.sent(bus, sent, clock.now()))
      for (const { key, token } of sent) if (this.#sent.get(key)?.token === token) this.#sent.delete(key)
    }
    const givenBack = this.#givenBack.splice(0, back)
    if (givenBack.length > 0) await this.#calls.call('take messages back', () => this.#store.giveBack(bus, givenBack))
  }
}
