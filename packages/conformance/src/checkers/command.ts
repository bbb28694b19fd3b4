import { parseArgs } from 'node:util'
import { writableProof, writeProof } from '../command/proof.js'
import type { Checker } from './checker.js'
import { checkers as allCheckers } from './index.js'
import { alsoReported as allAlsoReported, plantedSamples, samples as allSamples, type AlsoReported, type Sample } from './samples/index.js'

/** What proves the checkers. @default those of this package, with real leaks and real noise */
export interface CheckersProof {
  readonly checkers?: readonly Checker[]
  readonly samples?: readonly Sample[]
  readonly alsoReported?: readonly AlsoReported[]
}

export interface CheckersReport {
  /** The table, what is wrong with it, and `checkers: N passed, N failed, N skipped` as its last line. */
  readonly text: string
  readonly ok: boolean
  readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number }
}

const least = 2

/** Gives every sample to every checker: a violation is reported by its own checker and otherwise only where that is listed, a legal history by none. */
export async function runCheckers(proof: CheckersProof = {}): Promise<CheckersReport> {
  const { checkers = allCheckers, alsoReported = allAlsoReported } = proof
  const samples = proof.samples ?? [...allSamples, ...(await plantedSamples())]
  const rows = samples.toSorted((a, b) => place(checkers, a) - place(checkers, b)).map((sample) => judge(sample, checkers, alsoReported))
  const general = [...tooFew(checkers, samples), ...withoutSample(samples, alsoReported)]
  const failed = rows.filter(({ mistakes }) => mistakes.length > 0).length + general.length
  const passed = rows.length - (failed - general.length)
  const mistakes = [...rows.flatMap(({ sample, mistakes: of }) => of.map((mistake) => `${sample.of} ${sample.name}: ${mistake}`)), ...general]
  const text = [...table(checkers, rows), ...mistakes.map((mistake) => `FAILED ${mistake}`), `checkers: ${passed} passed, ${failed} failed, 0 skipped`].join(
    '\n',
  )
  return { text, ok: failed === 0, counts: { passed, failed, skipped: 0 } }
}

/** `conformance checkers [--json FILE]`; returns the exit code. */
export async function checkersCommand(argv: readonly string[], print: (line: string) => void): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { json: { type: 'string' } } })
  await writableProof(values.json)
  const { text, ok, counts } = await runCheckers()
  await writeProof(values.json, { command: 'checkers', ok, counts: { ...counts } })
  print(text)
  return ok ? 0 : 1
}

interface Row {
  readonly sample: Sample
  readonly cells: readonly string[]
  readonly mistakes: readonly string[]
}

function judge(sample: Sample, checkers: readonly Checker[], alsoReported: readonly AlsoReported[]): Row {
  const mistakes: string[] = []
  const cells = checkers.map(({ id, check }) => {
    const violations = check(sample.history)
    const isOwn = sample.verdict === 'violation' && id === sample.of
    const isListed = alsoReported.some((row) => row.sample === sample.name && row.checker === id)
    const [first] = violations
    if (first !== undefined && !isOwn && !isListed) mistakes.push(`reported by ${id} as "${first.text}"`)
    if (first === undefined && (isOwn || isListed)) mistakes.push(`not reported by ${id}`)
    return first === undefined ? (isOwn || isListed ? '-' : '.') : isOwn ? 'X' : isListed ? 'x' : '!'
  })
  return { sample, cells, mistakes }
}

function* table(checkers: readonly Checker[], rows: readonly Row[]): Generator<string> {
  const longest = Math.max(...rows.map(({ sample }) => sample.name.length)) + 2
  for (const { id, title } of checkers) yield `${id.padEnd(4)} ${title}`
  yield ''
  yield `${''.padEnd(longest + 15)}${checkers.map(({ id }) => id.padStart(4)).join('')}`
  for (const { sample, cells } of rows) {
    yield `${sample.of.padEnd(4)} ${sample.verdict.padEnd(10)}${sample.name.padEnd(longest)}${cells.map((cell) => cell.padStart(4)).join('')}`
  }
  yield ''
  yield 'X reported, as it must be; x reported too, as listed; . not reported, as it must not be; ! reported and - not reported: wrong'
}

function* tooFew(checkers: readonly Checker[], samples: readonly Sample[]): Generator<string> {
  for (const { id } of checkers) {
    for (const verdict of ['violation', 'legal'] as const) {
      const count = samples.filter((sample) => sample.of === id && sample.verdict === verdict).length
      if (count < least) yield `${id} has ${count} of at least ${least} ${verdict === 'legal' ? 'legal histories' : 'violations'}`
    }
  }
}

function* withoutSample(samples: readonly Sample[], alsoReported: readonly AlsoReported[]): Generator<string> {
  for (const { sample, checker } of alsoReported) {
    if (!samples.some(({ name }) => name === sample)) yield `"${sample}" is listed for ${checker} and does not exist`
  }
}

const place = (checkers: readonly Checker[], { of, verdict }: Sample): number => checkers.findIndex(({ id }) => id === of) * 2 + (verdict === 'legal' ? 1 : 0)
