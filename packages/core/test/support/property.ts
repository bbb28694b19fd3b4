import fc from 'fast-check'

/** How often, and from where. */
export interface PropertyOptions {
  readonly runs: number
  readonly seed: number
  /** Of one run among those of the seed, as a failure prints it. */
  readonly path?: string | undefined
}

/** A property that a test runs, and that a planted bug must break. */
export interface Property {
  readonly name: string
  check(options: PropertyOptions): Promise<PropertyReport>
}

export interface PropertyReport {
  /** `recovery: 10000 runs, seed 1`, and how often each thing has happened in them. */
  readonly summary: string
  /** As the property itself has counted them. */
  readonly runs: number
  /** How often what has happened: a property of runs in which nothing goes wrong proves nothing. */
  readonly seen: Readonly<Record<string, number>>
  /** What the first failing run said. */
  readonly found: string | undefined
  /** The smallest failing run, its seed, and how to run it again: it may say something else. */
  readonly failure: string | undefined
}

/** What the surroundings say beside the test: `WAYBILL_RUNS`, `WAYBILL_SEED`, `WAYBILL_PATH`. */
export function propertyOptions(runs: number): PropertyOptions {
  const { WAYBILL_RUNS: others = String(runs), WAYBILL_SEED: seed = '1', WAYBILL_PATH: path } = process.env
  return { runs: Number(others), seed: Number(seed), path }
}

/** A property over plain data; `hold` throws where it does not hold, and returns what has happened. */
export function property<T>(name: string, data: fc.Arbitrary<T>, hold: (data: T) => Promise<readonly string[]>): Property {
  return {
    name,
    async check({ runs, seed, path }) {
      const seen: Record<string, number> = {}
      let counted = 0
      let found: string | undefined
      const result = await fc.check(
        fc.asyncProperty(data, async (each) => {
          const happened = await hold(each).catch((error: unknown) => {
            found ??= error instanceof Error ? error.message : String(error)
            throw error
          })
          counted += 1
          for (const what of new Set(happened)) seen[what] = (seen[what] ?? 0) + 1
        }),
        { numRuns: runs, seed, ...(path === undefined ? undefined : { path }) },
      )
      const often = Object.entries(seen).map(([what, times]) => `${what} ${times}`)
      const summary = [`${name}: ${counted} runs, seed ${seed}`, ...often.toSorted()].join(', ')
      if (!result.failed) return { summary, runs: counted, seen, found, failure: undefined }
      const again = `WAYBILL_SEED=${result.seed} WAYBILL_PATH=${result.counterexamplePath} runs this one alone`
      const error = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance)
      return { summary, runs: counted, seen, found, failure: [`${name}: ${again}`, error, fc.stringify(result.counterexample)].join('\n') }
    },
  }
}
