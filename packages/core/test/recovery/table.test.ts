import { describe, expect, it } from 'vitest'
import { resolvePolicy } from '../../src/bus/policies.js'
import { asError } from '../../src/errors/index.js'
import { decide } from '../../src/recovery/index.js'
import { table, type Line } from './table.js'
import { thrown } from './table-errors.js'
import { rowsOf, type Row } from './table-rows.js'
import { chain, endpointOf, handlerOf, idOf, runLine, type Seen } from './table-run.js'

const lines = table.map((line) => [`${line.where ?? 'usual'}, ${line.message ?? 'command'}, ${line.policy}: ${line.error}`, line] as const)
const reasons = { exhausted: 'retries-exhausted', hopeless: 'unrecoverable' } as const
const inPlace = ({ where }: Line): boolean => where === 'ordered' || where === 'no delay'
const isAsked = ({ message }: Line): boolean => message !== undefined && message !== 'command'

describe('the recovery table', () => {
  it('has at least 200 rows, and every line its own', () => {
    const rows = table.flatMap(rowsOf)
    console.log(`recovery table: ${table.length} policies and errors, ${rows.length} rows`)
    expect(rows.length).toBeGreaterThanOrEqual(200)
    expect(new Set(lines.map(([name, line]) => name + line.becomes)).size).toBe(table.length)
  })

  it.each(lines)('is what recovery decides: %s', (_, line) => {
    const { handler, endpoint, bus } = line
    const policy = resolvePolicy(line.where === 'wire' ? { endpoint, bus } : { handler, endpoint, bus }, inPlace(line) ? 'immediate' : 'delayed')
    const decided = rowsOf(line).map(({ attempt }) =>
      decide({ error: asError(thrown[line.error](), 'shop'), attempt, request: isAsked(line) && line.where !== 'wire' }, policy),
    )
    expect(decided).toEqual(rowsOf(line).map(decisionOf))
  })

  it.each(lines)('is what becomes of a message: %s', async (_, line) => {
    const rows = rowsOf(line)
    const seen = await runLine(line, rows)
    for (const row of rows) expect({ row: row.attempt, ...seen.get(idOf(row)) }).toEqual({ row: row.attempt, ...outcomeOf(row) })
    const times = timesOf(rows)
    const made = seen.get(chain)?.runs.map(({ atMs }) => atMs)
    // A line that shows only how it begins says nothing of the end.
    expect(isWhole(rows) ? made : made?.slice(0, times.length)).toEqual(times)
  })
})

function decisionOf({ expected }: Row): unknown {
  if (expected === 'now') return { action: 'retry-now' }
  return typeof expected === 'number' ? { action: 'retry-after', delayMs: expected } : { action: 'dead-letter', reason: reasons[expected] }
}

/** What a broker and a handler see of one row. */
function outcomeOf(row: Row): Seen {
  const { attempt, expected } = row
  const numberOf = (run: number): number | undefined => (row.where === 'wire' ? undefined : run)
  const first = { attempt: numberOf(attempt), atMs: 0 }
  const failures = String(attempt)
  if (expected !== 'exhausted' && expected !== 'hopeless') {
    const atMs = expected === 'now' ? 0 : expected
    const copies = expected === 'now' || inPlace(row) ? [] : [{ to: endpointOf(row), dueMs: atMs, failures }]
    const runs = [first, { attempt: numberOf(attempt + 1), atMs }]
    return { runs, copies, accepted: 1 + copies.length, released: 0, dead: [], replies: isAsked(row) ? ['reply'] : [] }
  }
  const isKept = row.message !== 'query'
  const before = attempt === 1 ? undefined : String(attempt - 1)
  return {
    runs: [first],
    // A dead letter carries the count that its message came with.
    copies: isKept ? [{ to: `${endpointOf(row)}.dead-letter`, dueMs: undefined, failures: before }] : [],
    accepted: 1,
    released: 0,
    dead: isKept ? [{ reason: reasons[expected], handler: row.where === 'wire' ? '*' : handlerOf(row), failures }] : [],
    replies: isAsked(row) ? ['fault'] : [],
  }
}

/** When a message that always fails is tried, as far as the line tells. */
function timesOf(rows: readonly Row[]): number[] {
  const times = [0]
  for (const { expected } of rows) {
    if (expected === 'exhausted' || expected === 'hopeless') break
    times.push((times.at(-1) ?? 0) + (expected === 'now' ? 0 : expected))
  }
  return times
}

const isWhole = (rows: readonly Row[]): boolean => rows.some(({ expected }) => expected === 'exhausted' || expected === 'hopeless')
