import type { MemoryBroker } from '../../src/memory/index.js'
import { crashes, observe, type InstrumentationEvents } from '../../src/runtime/index.js'
import type { Interruption, Schedule, SendFailureScript } from './schedule.js'
import type { Service } from './service.js'
import type { Work } from './shop.js'

const steps = ['deliver', 'invoke', 'send', 'retry', 'handled', 'settle'] as const satisfies readonly (keyof InstrumentationEvents)[]

interface Surroundings {
  readonly broker: MemoryBroker
  readonly service: Service
  readonly happened: Set<string>
  readonly works: ReadonlyMap<string, Work>
}

/** Everything that goes wrong around the handlers. */
export class Trouble {
  readonly #around: Surroundings
  readonly #ends: (() => void)[] = []
  readonly #due: { readonly step: number; readonly run: () => void }[]
  #step = 0
  mayRepeat = false

  constructor(schedule: Schedule, around: Surroundings) {
    this.#around = around
    for (const script of schedule.sends) this.#failSends(script)
    this.#due = [
      ...schedule.interruptions.map(({ step, what }) => ({ step, run: () => this.#interrupt(what) })),
      ...schedule.lostSettlements.map(({ step, times }) => ({ step, run: () => this.#loseSettlements(times) })),
    ]
    if (this.#due.length > 0) for (const name of steps) this.#ends.push(observe(name, () => this.#stepped()))
  }

  end(): void {
    for (const end of this.#ends) end()
    this.#around.broker.resumeSends()
  }

  #stepped(): void {
    const step = this.#step
    this.#step += 1
    for (const due of this.#due) if (due.step === step) due.run()
  }

  #failSends({ of, after, how, times }: SendFailureScript): void {
    const { broker, happened, works } = this.#around
    let passed = 0
    const where: Parameters<MemoryBroker['failSends']>[0] = {
      times,
      where: ({ envelope, original }) => {
        if ((of === 'copy') !== (original !== undefined) || (of === 'held message' && envelope.type !== 'far.told')) return false
        passed += 1
        if (passed <= after) return false
        happened.add(`${of} ${how}`)
        this.mayRepeat ||= how === 'unknown, taken'
        const sender = works.get(envelope.headers['name']?.replace(/ #.*/, '') ?? '')
        if (how === 'refused for good' && sender !== undefined) sender.undeliverable = true
        return true
      },
    }
    switch (how) {
      case 'refused':
        this.#ends.push(broker.failSends(where))
        return
      case 'refused for good':
        this.#ends.push(broker.failSends({ ...where, retryable: false }))
        return
      case 'unknown, taken':
      case 'unknown, not taken':
        this.#ends.push(broker.failSends({ ...where, outcome: 'unknown', taken: how === 'unknown, taken' }))
        return
    }
  }

  #loseSettlements(times: number): void {
    this.#around.happened.add('settlement lost')
    this.#ends.push(this.#around.broker.failSettlements({ times }))
  }

  #interrupt(what: Interruption['what']): void {
    const { broker, service, happened } = this.#around
    happened.add(what)
    switch (what) {
      case 'cut':
        this.mayRepeat = true
        service.cut()
        broker.cut()
        return
      case 'stop':
        this.mayRepeat = true
        service.beginStop()
        return
      case 'crash':
        this.mayRepeat = true
        for (const instanceId of broker.connections()) crashes.publish({ instanceId, failpoint: 'after-receive' })
        // Whoever runs it sees that it is dead.
        service.beginStop()
        return
      case 'no answer':
      case 'no answer, taken':
        this.mayRepeat ||= what === 'no answer, taken'
        broker.holdSends({ taken: what === 'no answer, taken' })
        return
      case 'answers again':
        broker.resumeSends()
        return
    }
  }
}
