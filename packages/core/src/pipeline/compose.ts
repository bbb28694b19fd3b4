import type { Step } from '../context/index.js'

/** One function of a list of steps, made once: each step gets the rest as `next`, and no message makes a closure. */
export function compose<Context, Result>(
  steps: readonly Step<Context, Result>[],
  last: (context: Context) => Promise<Result>,
): (context: Context) => Promise<Result> {
  let next = last
  for (const step of steps.toReversed()) {
    const rest = next
    next = (context) => step(context, rest)
  }
  return next
}
