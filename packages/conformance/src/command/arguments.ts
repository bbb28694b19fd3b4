import { parseArgs } from 'node:util'

export interface Arguments {
  readonly command: string
  readonly groups: readonly string[] | undefined
  readonly only: readonly string[] | undefined
  readonly repeat: number
  readonly seed: number
  readonly json: string | undefined
  readonly sabotage: string | undefined
  /** A folder for the histories. */
  readonly history: string | undefined
  /** What belongs to the command itself. */
  readonly rest: readonly string[]
}

/** Throws for what is no argument, in its own words. */
export function parseArguments(argv: readonly string[]): Arguments {
  const [command = 'help', ...rest] = argv
  const { values } = parseArgs({
    args: rest.filter((each) => each !== '--'),
    options: {
      groups: { type: 'string' },
      only: { type: 'string' },
      repeat: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
      sabotage: { type: 'string' },
      history: { type: 'string' },
    },
    strict: command === 'memory',
    allowPositionals: command !== 'memory',
  })
  return {
    command,
    groups: list(values.groups),
    only: list(values.only),
    repeat: wholeNumber('--repeat', values.repeat),
    seed: wholeNumber('--seed', values.seed),
    json: textOf(values.json),
    sabotage: textOf(values.sabotage),
    history: textOf(values.history),
    rest,
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const list = (value: unknown): readonly string[] | undefined =>
  textOf(value)
    ?.split(',')
    .map((each) => each.trim())

function wholeNumber(name: string, value: unknown): number {
  const number = Number(value)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new TypeError(`${name} cannot be ${JSON.stringify(value)}: write a whole number from 1 on`)
}
