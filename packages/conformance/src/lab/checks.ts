import { isDeepStrictEqual } from 'node:util'
import type { Failure } from './failure.js'
import { show } from './show.js'

/** The checks of one scenario: each counts, and one that does not hold is recorded and does not end the scenario. */
export class Checks {
  count = 0
  readonly failures: Failure[] = []

  named(check: string): Check {
    return new Check(this, check)
  }

  hold(holds: boolean, failure: Failure): boolean {
    this.count += 1
    if (!holds) this.failures.push(failure)
    return holds
  }
}

/** One named check; every method says whether it held. */
export class Check {
  readonly #checks: Checks
  readonly #name: string

  constructor(checks: Checks, name: string) {
    this.#checks = checks
    this.#name = name
  }

  /** Deeply and strictly. */
  equal(actual: unknown, expected: unknown): boolean {
    return this.#hold(isDeepStrictEqual(actual, expected), { expected: show(expected), actual: show(actual) })
  }
  /** The same members, each as often, in any order. */
  sameMembers<T extends string | number>(actual: readonly T[], expected: readonly T[]): boolean {
    const [left, right] = [actual.toSorted(), expected.toSorted()]
    return this.#hold(isDeepStrictEqual(left, right), { expected: show(expected), actual: `${difference(left, right)}${show(actual)}` })
  }
  isTrue(actual: boolean, otherwise = 'false'): boolean {
    return this.#hold(actual, { expected: 'true', actual: otherwise })
  }
  empty(actual: readonly unknown[]): boolean {
    return this.#hold(actual.length === 0, { expected: 'nothing', actual: show(actual) })
  }
  atMost(actual: number, most: number): boolean {
    return this.#hold(actual <= most, { expected: `at most ${most}`, actual: show(actual) })
  }
  atLeast(actual: number, least: number): boolean {
    return this.#hold(actual >= least, { expected: `at least ${least}`, actual: show(actual) })
  }
  between(actual: number, least: number, most: number): boolean {
    return this.#hold(actual >= least && actual <= most, { expected: `${least} to ${most}`, actual: show(actual) })
  }
  /** Text that matches, or that contains the text. */
  matches(actual: string, pattern: RegExp | string): boolean {
    const holds = typeof pattern === 'string' ? actual.includes(pattern) : pattern.test(actual)
    return this.#hold(holds, { expected: `a text with ${show(pattern)}`, actual: show(actual) })
  }
  /** An error with these fields, a text also by a pattern; `code` and `name` say more than the class, which another copy of core may have made. */
  error(actual: unknown, fields: Readonly<Record<string, unknown>>): boolean {
    const holds =
      actual instanceof Error && Object.entries(fields).every(([name, wanted]) => meets((actual as unknown as Record<string, unknown>)[name], wanted))
    return this.#hold(holds, { expected: `an error with ${show(fields)}`, actual: show(actual) })
  }

  #hold(holds: boolean, { expected, actual }: { readonly expected: string; readonly actual: string }): boolean {
    return this.#checks.hold(holds, { check: this.#name, kind: 'check', expected, actual })
  }
}

const meets = (value: unknown, wanted: unknown): boolean =>
  wanted instanceof RegExp ? typeof value === 'string' && wanted.test(value) : isDeepStrictEqual(value, wanted)

function difference(actual: readonly unknown[], expected: readonly unknown[]): string {
  const counts = new Map<unknown, number>()
  for (const each of expected) counts.set(each, (counts.get(each) ?? 0) + 1)
  for (const each of actual) counts.set(each, (counts.get(each) ?? 0) - 1)
  const missing = [...counts].filter(([, count]) => count > 0).map(([each]) => each)
  const surplus = [...counts].filter(([, count]) => count < 0).map(([each]) => each)
  return missing.length + surplus.length === 0 ? '' : `missing ${show(missing)}, too many ${show(surplus)}: `
}
