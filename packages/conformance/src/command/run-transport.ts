import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Harness } from '../harness/harness.js'
import type { HistoryEvent } from '../history/history.js'
import { toJsonLines } from '../history/json-lines.js'
import { conformance } from '../runner/conformance.js'
import type { ScenarioResult } from '../runner/result.js'
import { scenarios } from '../scenarios/index.js'
import { groupTitles } from '../report/group-titles.js'
import { sabotages } from '../sabotage/index.js'
import { allowedSkips } from './allowed-skips.js'
import type { Arguments } from './arguments.js'

const mostOfOneCheck = 3
const packageFile = new URL('../../package.json', import.meta.url)

/** Runs the suite on a transport of this repository; returns the exit code. */
export async function runTransport(
  harness: Harness,
  { groups, only, repeat, seed, json, sabotage: name, history }: Arguments,
  print: (line: string) => void,
): Promise<number> {
  const sabotage = name === undefined ? undefined : sabotages.find((each) => each.name === name)
  if (name !== undefined && sabotage === undefined)
    throw new TypeError(`--sabotage cannot be ${JSON.stringify(name)}: there are ${sabotages.map((each) => each.name).join(', ')}`)
  known('--groups', groups, Object.keys(groupTitles))
  known(
    '--only',
    only,
    scenarios.map(({ id }) => id),
  )
  await writable('--json', json, (file) => writeFile(file, ''))
  await writable('--history', history, (folder) => mkdir(folder, { recursive: true }))
  const writes: Promise<void>[] = []
  const report = await conformance({
    ...harness,
    ...(groups && { groups }),
    ...(only && { only }),
    ...(sabotage && { sabotage }),
    repeat,
    seed,
    allowedSkips: await allowedSkips(),
    onResult: (result, events) => {
      tell(result, print)
      if (history !== undefined) writes.push(write(history, result.id, events))
    },
  })
  await Promise.all(writes)
  const { ok, counts, scenarios: results } = report
  if (results.length === 0) print('no scenario was chosen: look at --groups and --only')
  if (json !== undefined) {
    const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { readonly version: string }
    const versions = { conformance: version, node: process.versions.node }
    await writeFile(json, `${JSON.stringify({ command: harness.name, versions, seed, ok, counts, scenarios: results }, undefined, 2)}\n`)
  }
  print(`${harness.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  return ok ? 0 : 1
}

/** Throws for a name that nobody has: a run that leaves out what was meant proves nothing. */
function known(option: string, names: readonly string[] | undefined, all: readonly string[]): void {
  const unknown = names?.find((name) => !all.includes(name))
  if (unknown === undefined) return
  const group = unknown.split('-', 1)[0]?.toUpperCase() ?? ''
  const near = all.filter((name) => name.startsWith(group))
  throw new TypeError(`${option} cannot be ${JSON.stringify(unknown)}: there are ${(near.length === 0 || group === '' ? all : near).join(', ')}`)
}

/** Before the run: afterwards it would be lost. */
async function writable(option: string, path: string | undefined, write: (path: string) => Promise<unknown>): Promise<void> {
  if (path === undefined) return
  try {
    await write(path)
  } catch (error) {
    throw new TypeError(`${option} cannot be ${JSON.stringify(path)}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** The last run of each scenario. */
async function write(folder: string, id: string, history: readonly HistoryEvent[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${id}.jsonl`), toJsonLines(history))
}

function tell({ id, title, status, seed, flag, checks, delivered, ms, failures }: ScenarioResult, print: (line: string) => void): void {
  const how =
    status === 'skipped'
      ? `skipped by ${flag ?? ''}`
      : `${status}${status === 'failed' ? ` with seed ${seed}` : ''}, ${checks} checks, ${delivered} deliveries, ${Math.round(ms)} ms`
  print(`${id}  ${how}  ${title}`)
  const shown = failures.filter(({ check }, index) => failures.slice(0, index).filter((before) => before.check === check).length < mostOfOneCheck)
  for (const { check, expected, actual } of shown) {
    print(`  ✗ ${check}`)
    if (expected !== undefined) print(`      expected ${expected}`)
    if (actual !== undefined) print(`      was      ${actual}`)
  }
  if (shown.length < failures.length) print(`  and ${failures.length - shown.length} more of these checks`)
}
