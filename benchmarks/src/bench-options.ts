import { parseArgs } from 'node:util'

/** What the command line says. */
export interface BenchOptions {
  readonly json: string | undefined
  readonly seed: number
  readonly quick: boolean
  readonly sabotage: string | undefined
}

/** Throws an error with a sentence for what cannot be meant. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      seed: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      sabotage: { type: 'string' },
    },
  })
  const { json, quick, sabotage } = values
  const seed = Number(values.seed)
  if (positionals.length !== 1 || positionals[0] !== 'core') throw new Error(`There is no benchmark ${JSON.stringify(positionals.join(' '))}. There is: core`)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`--seed must be a whole number from 0, got ${JSON.stringify(values.seed)}`)
  return { json, quick, sabotage, seed }
}
