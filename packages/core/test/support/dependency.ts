import { Note, type World } from './service.js'
import type { Bus } from '../../src/index.js'

/** What a dependency that is down throws. */
export class Down extends Error {
  override readonly name = 'Down'
}

/** A call that has reached it, or not. */
export interface Call {
  readonly id: string
  readonly at: number
  readonly attempt: number
  readonly ok: boolean
}

/** Something that handlers need, and that a test switches on and off; down at first. */
export class Dependency {
  isDown = true
  readonly calls: Call[] = []
  readonly #world: World

  constructor(w: World) {
    this.#world = w
  }

  /** Of a handler, for a message. */
  call(id: string, attempt = 1): void {
    this.calls.push({ id, at: this.#world.clock.now(), attempt, ok: !this.isDown })
    if (this.isDown) throw new Down('connection refused')
  }

  /** The ids that it has served. */
  get served(): readonly string[] {
    return this.calls.filter(({ ok }) => ok).map(({ id }) => id)
  }

  get attempts(): ReadonlySet<number> {
    return new Set(this.calls.map(({ attempt }) => attempt))
  }
}

/** `m0`, `m1`, and so on. */
export const sendNotes = (bus: Bus, count: number): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, (_, index) => bus.send(new Note({ id: `m${index}` }))))
