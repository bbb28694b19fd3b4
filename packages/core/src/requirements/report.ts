import type { Problem } from '../errors/index.js'
import { provide, type Provider } from './provide.js'
import type { ReportRow, Requirement, StartReport } from './requirement.js'

export function startReport(on: { readonly bus: string; readonly transport: string }, requirements: readonly Requirement[], provider: Provider): StartReport {
  const rows = requirements.map((requirement) => provide(requirement, provider))
  return { ...on, rows, text: table(`${on.bus}: what it needs, and what ${on.transport} provides`, rows) }
}

/** What the bus cannot start with. */
export const impossible = (report: StartReport): Problem[] =>
  report.rows
    .filter(({ provided }) => provided === 'impossible')
    .map(({ need, by, detail, fix }) => ({ what: `${by} needs ${need}: ${detail}.`, fix: fix ?? '' }))

function table(title: string, rows: readonly ReportRow[]): string {
  const width = (of: (row: ReportRow) => string): number => Math.max(0, ...rows.map((row) => of(row).length))
  const [needs, bys, provideds] = [width(({ need }) => need), width(({ by }) => by), width(({ provided }) => provided)]
  return [
    title,
    ...rows.map(
      ({ need, by, provided, detail, fix }) =>
        `  ${need.padEnd(needs)}  ${by.padEnd(bys)}  ${provided.padEnd(provideds)}  ${detail}${fix === undefined ? '' : ` → ${fix}`}`,
    ),
  ].join('\n')
}
