import type { Line } from './table.js'

/** One row: what becomes of the failure with this number. */
export interface Row extends Line {
  readonly attempt: number
  readonly expected: 'now' | 'exhausted' | 'hopeless' | number
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Read here a second time, so that a wrong reading of durations shows. */
function expectedOf(word: string): Row['expected'] {
  if (word === 'now' || word === 'exhausted' || word === 'hopeless') return word
  const [, count, unit = ''] = /^(\d+)([a-z]+)$/.exec(word) ?? []
  const ms = Number(count) * (units[unit] ?? Number.NaN)
  if (Number.isNaN(ms)) throw new Error(`${JSON.stringify(word)} is no word of the table`)
  return ms
}

export const rowsOf = (line: Line): readonly Row[] =>
  line.becomes.split(' ').map((word, index) => ({ ...line, attempt: index + 1, expected: expectedOf(word) }))
