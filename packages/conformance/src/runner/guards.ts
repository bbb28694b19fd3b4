import { setTimeout as sleep } from 'node:timers/promises'
import { watchUnhandled } from '../checkers/watch-unhandled.js'
import type { Failure } from '../lab/failure.js'
import type { Lab } from '../lab/lab.js'

/** What holds for every scenario, whatever it is about: nothing unhandled, a silent log, an end in time. */
export class Guards {
  readonly #lab: Lab
  readonly #unhandled: string[] = []

  readonly #unwatch: () => void

  constructor(lab: Lab) {
    this.#lab = lab
    this.#unwatch = watchUnhandled((fact) => {
      this.#unhandled.push(fact.text)
      lab.note(fact)
    })
  }

  /** The work, unless it takes longer than a scenario may; what it does afterwards is nobody's. */
  async watch(ms: number, work: Promise<void>): Promise<void> {
    const timer = new AbortController()
    const hung = sleep(ms, 'hung' as const, { signal: timer.signal }).catch(() => 'ended' as const)
    try {
      if ((await Promise.race([work, hung])) === 'hung')
        throw new Error(`It does not end within ${ms} ms of the machine's time: it waits for something that no call of the lab drives`)
    } finally {
      timer.abort()
    }
  }

  async end(): Promise<readonly Failure[]> {
    // Rejections are told a turn later.
    await new Promise((resolve) => void setImmediate(resolve))
    this.#unwatch()
    return [
      ...this.#unhandled.map((actual): Failure => ({ check: 'nothing is unhandled', kind: 'guard', actual })),
      ...this.#lab.log.surprises.map(({ level, text }): Failure => ({
        check: 'the log is silent',
        kind: 'guard',
        expected: 'no record from warn on that was not expected',
        actual: `${level}: ${text}`,
      })),
    ]
  }
}
