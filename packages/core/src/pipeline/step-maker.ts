import type { Step } from '../context/index.js'

/** A step of a pipeline: its name, which `describe` prints, and how it is made at start. */
export interface StepMaker<Init, Context, Result> {
  readonly name: string
  readonly make: (init: Init) => Step<Context, Result>
}

export const made = <Init, Context, Result>(makers: readonly StepMaker<Init, Context, Result>[], init: Init): Step<Context, Result>[] =>
  makers.map(({ make }) => make(init))

export const names = (makers: readonly { readonly name: string }[]): string[] => makers.map(({ name }) => name)
