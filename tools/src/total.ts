import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { add, conclude, countsLine, noCounts, readProof, type Counts } from './proof.ts'

// The end of `.ci/run`: prints its parts as a table, adds up what they counted, compares with the floor.
const { values } = parseArgs({
  options: { parts: { type: 'string' }, floor: { type: 'string' }, 'limit-seconds': { type: 'string', default: '2700' }, json: { type: 'string' } },
})
if (values.parts === undefined || values.floor === undefined) throw new Error('total.ts needs --parts FOLDER and --floor FILE')

interface Part {
  readonly name: string
  readonly seconds: number
  readonly counts: Counts
}

const parts = readFileSync(join(values.parts, 'parts.tsv'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => readPart(values.parts ?? '', line))
const sum = parts.map(({ counts }) => counts).reduce(add, noCounts)
const seconds = parts.reduce((total, part) => total + part.seconds, 0)
const limit = Number(values['limit-seconds'])
const floor = readFloor(values.floor)

const problems = [
  ...(seconds > limit ? [`The parts took ${seconds} s, and the limit is ${limit} s. Find the slow one in the table`] : []),
  ...(sum.passed < floor
    ? [`${sum.passed} passed, and .ci/floor wants ${floor}. Tests are missing: find them, or lower the floor with the reason in the commit`]
    : []),
]
const total = { ...sum, failed: sum.failed + problems.length }

console.log(table(parts, seconds))
for (const problem of problems) console.log(problem)
conclude('ci', total, values.json)
console.log(countsLine(total))

/** `name⇥exit code⇥seconds`; what it counted stands in `<name>.json`. A part without a proof of its own counts as one. */
function readPart(folder: string, line: string): Part {
  const [name = '', code, seconds] = line.split('\t')
  const proof = join(folder, `${name}.json`)
  const ended = code === '0'
  const own = existsSync(proof) ? readProof(proof).counts : { passed: ended ? 1 : 0, failed: ended ? 0 : 1, skipped: 0 }
  return { name, seconds: Number(seconds), counts: ended || own.failed > 0 ? own : { ...own, failed: 1 } }
}

function readFloor(file: string): number {
  const floor = Number(readFileSync(file, 'utf8').trim())
  if (!Number.isInteger(floor) || floor < 1) throw new Error(`${file} must hold one number: how many must pass at least`)
  return floor
}

function table(rows: readonly Part[], sumOfSeconds: number): string {
  const width = Math.max(...rows.map(({ name }) => name.length), 'together'.length)
  const row = (name: string, ...columns: readonly (string | number)[]): string =>
    `${name.padEnd(width)}${columns.map((column) => String(column).padStart(10)).join('')}`
  return [
    row('part', 'seconds', 'passed', 'failed', 'skipped'),
    ...rows.map(({ name, seconds: taken, counts }) => row(name, taken, counts.passed, counts.failed, counts.skipped)),
    row('together', sumOfSeconds, sum.passed, sum.failed, sum.skipped),
    '',
  ].join('\n')
}
