import type { Step } from '../context/index.js'

/** A step and what `describe` calls it. */
export interface NamedStep<Context, Result> {
  readonly name: string
  readonly step: Step<Context, Result>
}

export const named = <Context, Result>(name: string, step: Step<Context, Result>): NamedStep<Context, Result> => ({ name, step })

export const steps = <Context, Result>(list: readonly NamedStep<Context, Result>[]): Step<Context, Result>[] => list.map(({ step }) => step)

export const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name)
