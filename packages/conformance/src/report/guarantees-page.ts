import type { ComesWithItsFeature } from '../scenarios/comes-with-its-feature.js'
import type { ScenarioResult } from '../runner/result.js'
import type { AllowedSkip } from '../runner/skips.js'
import { groupTitles } from './group-titles.js'
import type { Provided } from './provided.js'

/** What is known of one transport. */
export interface ProvenTransport {
  readonly name: string
  readonly results: readonly ScenarioResult[]
  readonly provided: Provided
  readonly skips: readonly AllowedSkip[]
}

/** The page of what each transport guarantees, by the scenarios that have shown it. One that failed shows nothing: it is left out. */
export function guaranteesPage(transports: readonly ProvenTransport[], coming: readonly ComesWithItsFeature[]): string {
  return `${[
    '# Guarantees',
    'What holds on each transport, by the scenario of `@waybill/conformance` that shows it. Written by `pnpm guarantees`; each line was a run that passed. What follows from them for your code is in [Delivery guarantees](../explanation/delivery-guarantees.md).',
    ...transports.flatMap(sections),
    '## Not there yet',
    'These belong to features that Waybill does not have yet; no transport claims them.',
    table(
      ['feature', 'scenarios'],
      [...new Set(coming.map(({ feature }) => feature))].map((feature) => [
        feature,
        ranges(coming.filter((each) => each.feature === feature).map(({ id }) => id)),
      ]),
    ),
  ].join('\n\n')}\n`
}

function sections({ name, results, provided, skips }: ProvenTransport): readonly string[] {
  const passed = results.filter(({ status }) => status === 'passed')
  const skipped = results.filter(({ status }) => status === 'skipped')
  return [
    `## ${name}`,
    `${passed.length} scenarios hold, ${skipped.length} are not claimed.`,
    '### What it has, and what core adds',
    'By the report of the start: `native` is the broker’s own, `emulated` is done by core, `degraded` is less than was asked for.',
    table(['need', 'provided', 'how'], unique(provided.rows.map(({ need, provided: how, detail }) => [need, how, detail]))),
    table(
      ['capability', 'value'],
      Object.entries(provided.capabilities).map(([field, value]) => [`\`${field}\``, `\`${textOf(value)}\``]),
    ),
    ...groups(passed).flatMap(([group, members]) => [
      `### ${groupTitles[group] ?? group}`,
      table(
        ['scenario', 'what holds'],
        members.map(({ id, title }) => [id, title]),
      ),
    ]),
    ...(skipped.length === 0
      ? []
      : [
          '### Not claimed',
          table(
            ['scenario', 'what is not claimed', 'missing', 'why'],
            skipped.map(({ id, title, flag = '' }) => [
              id,
              title,
              `\`${flag}\``,
              skips.find(({ scenario, transport }) => scenario === id && transport === name)?.reason ?? 'the transport does not have it',
            ]),
          ),
        ]),
  ]
}

function groups(results: readonly ScenarioResult[]): readonly (readonly [string, readonly ScenarioResult[]])[] {
  const groupOf = ({ id }: ScenarioResult): string => id.split('-', 1)[0] ?? id
  return [...new Set(results.map(groupOf))].map((group) => [
    group,
    results.filter((result) => groupOf(result) === group).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  ])
}

/** `PM-10, OX-01 to OX-19`. */
function ranges(ids: readonly string[]): string {
  const runs: string[][] = []
  for (const id of ids) {
    const last = runs.at(-1)
    if (last !== undefined && follows(last.at(-1) ?? '', id)) last.push(id)
    else runs.push([id])
  }
  return runs.map((run) => (run.length > 2 ? `${run[0] ?? ''} to ${run.at(-1) ?? ''}` : run.join(', '))).join(', ')
}

const follows = (before: string, id: string): boolean => {
  const [[group, number], [nextGroup, nextNumber]] = [before.split('-'), id.split('-')]
  return group === nextGroup && Number(nextNumber) === Number(number) + 1
}

const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : JSON.stringify(value, (_, each: unknown) => (each === Number.POSITIVE_INFINITY ? 'Infinity' : each)).replaceAll('"Infinity"', 'Infinity')

const unique = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] => [...new Map(rows.map((row) => [row.join('\n'), row])).values()]

/** As the formatter writes it: columns as wide as their widest cell. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [heads, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = heads.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string => `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`
  const [head = [], ...body] = cells
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n')
}
