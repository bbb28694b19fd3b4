import type { Row } from './row.js'

const columns = [11, 11, 11, 13]

export const heading = `${''.padEnd(58)}${['median ns', 'min', 'max', 'wall median'].map((title, index) => title.padStart(columns[index] ?? 0)).join('')}`

/** One row, and below it what was promised of it. */
export function printed({ name, nanoseconds, wallNanoseconds, iterations, handled, target }: Row): string {
  const { median, min, max } = nanoseconds
  const numbers = [median, min, max, wallNanoseconds.median].map((value, index) => ns(value).padStart(columns[index] ?? 0)).join('')
  const lines = [`${name.padEnd(58)}${numbers}`]
  if (target !== undefined) {
    const { measured, atMost, met } = target
    const sentence =
      target.kind === 'added'
        ? `${ns(measured.median)} ns ${target.each === undefined ? 'more than' : 'for each, over'} ${target.to} (${ns(measured.min)} to ${ns(measured.max)}), at most ${ns(atMost)} ns`
        : `${times(measured.median)} × ${target.of} (${times(measured.min)} to ${times(measured.max)}), at most ${times(atMost)} ×`
    lines.push(`  ${met ? 'met   ' : 'MISSED'}  ${sentence}`)
  }
  if (handled !== iterations) lines.push(`  WRONG   ${name} handled ${handled} of ${iterations}`)
  return lines.join('\n')
}

const ns = (value: number): string => Math.round(value).toLocaleString('en-US')
const times = (value: number): string => value.toFixed(2)
