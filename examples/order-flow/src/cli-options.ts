import { nearest } from '@waybill/core/wire'

export interface CliOptions {
  /** `undefined`: the file that comes with the example. */
  readonly orders: string | undefined
  readonly seed: number
  readonly json: string | undefined
  readonly transport: string
  readonly report: boolean
  readonly help: boolean
}

/** The user's mistake: exit code 2, without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const defaultTransport = 'memory:order-flow'

export const usage = `Usage: order-flow [--orders FILE] [--seed N] [--json FILE] [--transport URL] [--report]

  --orders FILE     one order per line of JSON; the example's own thousand by default
  --seed N          draws how long the card gateway takes; the counts do not depend on it (default 1)
  --json FILE       writes the result there, too
  --transport URL   the broker (default ${defaultTransport})
  --report          prints first what the services need and what the transport provides
  --help            prints this
`

const withValue = ['--orders', '--seed', '--json', '--transport']
const known = [...withValue, '--report', '--help']

/** Reads `--name value` and `--name=value`. Throws `UsageError`. */
export function parseCliOptions(args: readonly string[]): CliOptions {
  const values = new Map<string, string>()
  const rest = args.values()
  for (const argument of rest) {
    // What package managers put before the flags that they hand on.
    if (argument === '--') continue
    const equals = argument.startsWith('--') ? argument.indexOf('=') : -1
    const name = equals === -1 ? argument : argument.slice(0, equals)
    if (!known.includes(name)) throw unknown(name)
    if (values.has(name)) throw new UsageError(`${name} is given twice. Give it once`)
    if (!withValue.includes(name)) {
      if (equals !== -1) throw new UsageError(`${name} takes no value, got ${JSON.stringify(argument.slice(equals + 1))}. Write ${name} alone`)
      values.set(name, '')
      continue
    }
    const value = equals === -1 ? rest.next().value : argument.slice(equals + 1)
    if (value === undefined || value === '' || known.includes(value))
      throw new UsageError(`${name} needs a value. Write ${name} ${name === '--seed' ? '7' : name === '--transport' ? 'amqp://localhost' : 'FILE'}`)
    values.set(name, value)
  }
  return {
    orders: values.get('--orders'),
    seed: seedOf(values.get('--seed') ?? '1'),
    json: values.get('--json'),
    transport: values.get('--transport') ?? defaultTransport,
    report: values.has('--report'),
    help: values.has('--help'),
  }
}

function unknown(name: string): UsageError {
  if (!name.startsWith('-')) return new UsageError(`${JSON.stringify(name)} is no option. Write --orders ${name} to read the orders from there`)
  const meant = nearest(name, known)
  return new UsageError(meant === undefined ? `${name} is no option. Known: ${known.join(', ')}` : `${name} is no option. Did you mean ${meant}?`)
}

function seedOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new UsageError(`--seed must be a whole number below 1000000000, got ${JSON.stringify(text)}. Write --seed 7`)
}
