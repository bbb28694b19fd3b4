import type { Target } from './candidate.js'
import type { Measured } from './measure.js'
import { spreadOf, type Spread } from './spread.js'

/** One line of the table. */
export interface Row {
  readonly name: string
  /** By the clock of the pace; targets are judged by it. */
  readonly nanoseconds: Spread
  readonly wallNanoseconds: Spread
  /** Of all rounds together. */
  readonly iterations: number
  readonly handled: number
  readonly target?: Target & { readonly measured: Spread; readonly met: boolean }
}

/** Compared round by round: what made one slow has made its neighbour slow, too. */
export function rowsOf(measured: readonly Measured[]): readonly Row[] {
  return measured.map(({ candidate, iterations, rounds, wall, miscounted }) => {
    const { name, target } = candidate
    const expected = iterations * rounds.length
    const handled = iterations * (rounds.length - miscounted.length) + miscounted.reduce((sum, count) => sum + count, 0)
    const row: Row = { name, nanoseconds: spreadOf(rounds), wallNanoseconds: spreadOf(wall), iterations: expected, handled }
    if (target === undefined) return row
    const spread = spreadOf(compared(target, rounds, roundsOf(measured, target)))
    return { ...row, target: { ...target, measured: spread, met: spread.median <= target.atMost } }
  })
}

function compared(target: Target, rounds: readonly number[], others: readonly number[]): readonly number[] {
  return rounds.map((own, index) => {
    const other = others[index] ?? Number.NaN
    switch (target.kind) {
      case 'added':
        return (own - other) / (target.each ?? 1)
      case 'ratio':
        return own / other
    }
  })
}

function roundsOf(measured: readonly Measured[], target: Target): readonly number[] {
  const name = target.kind === 'added' ? target.to : target.of
  const other = measured.find(({ candidate }) => candidate.name === name)
  if (other === undefined) throw new Error(`No candidate of this group is named ${JSON.stringify(name)}, and one is compared with it`)
  return other.rounds
}
