import type { Stuck } from './stuck.js'

const mostRows = 20
const titles = ['what', 'where', 'message', 'id', 'since', ''] as const

/** For people: one line each, in columns. */
export function tableOf(stuck: readonly Stuck[]): string {
  const rows = stuck.slice(0, mostRows).map(({ what, where, type, id, sinceMs, note }) => [what, where, type, id, `+${sinceMs / 1_000}s`, note])
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const lines = [titles, ...rows].map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
  if (stuck.length > mostRows) lines.push(`  and ${stuck.length - mostRows} more`)
  return lines.join('\n')
}
