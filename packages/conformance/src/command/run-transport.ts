import { mkdir, writeFile } from 'node:fs/promises'
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
import { writable, writableProof, writeProof } from './proof.js'

const mostOfOneCheck = 3

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
  await writableProof(json)
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
  await writeProof(json, { command: harness.name, seed, ok, counts: { ...counts }, scenarios: results })
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
