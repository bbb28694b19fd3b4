import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import type { Harness } from '../harness/harness.js'
import { memoryHarness } from '../memory/memory-harness.js'
import { guaranteesPage, type ProvenTransport } from '../report/guarantees-page.js'
import { providedBy } from '../report/provided.js'
import { conformance } from '../runner/conformance.js'
import { comesWithItsFeature } from '../scenarios/comes-with-its-feature.js'
import { allowedSkips } from './allowed-skips.js'
import { writableProof, writeProof } from './proof.js'

/** The transports whose guarantees can be shown on any machine. */
const harnesses: readonly Harness[] = [memoryHarness]

/** `guarantees FILE [--check] [--json FILE]` runs the suite and writes the page; with `--check` it only says whether the page is what it would write. */
export async function guaranteesCommand(
  argv: readonly string[],
  print: (line: string) => void,
  prove: () => Promise<readonly ProvenTransport[]> = proveAll,
): Promise<number> {
  const { positionals, values } = parseArgs({
    args: argv.filter((each) => each !== '--'),
    allowPositionals: true,
    options: { check: { type: 'boolean', default: false }, json: { type: 'string' } },
  })
  const [file] = positionals
  if (file === undefined) throw new TypeError('guarantees needs the file of the page: guarantees docs/reference/guarantees.md [--check] [--json FILE]')
  await writableProof(values.json)
  const proven = await prove()
  const isWritten = await write(file, proven, { check: values.check, print })
  const counts = { passed: isWritten ? proven.length : 0, failed: isWritten ? 0 : proven.length, skipped: 0 }
  await writeProof(values.json, { command: 'guarantees', ok: isWritten, counts })
  print(`guarantees: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  return isWritten ? 0 : 1
}

/** Whether the page is what the runs have shown. */
async function write(
  file: string,
  proven: readonly ProvenTransport[],
  { check, print }: { readonly check: boolean; readonly print: (line: string) => void },
): Promise<boolean> {
  const failed = proven.flatMap(({ name, results }) => results.filter(({ status }) => status === 'failed').map(({ id }) => `${name} does not pass ${id}`))
  if (failed.length > 0) {
    for (const line of failed) print(line)
    print('nothing is guaranteed before the suite passes: look at `pnpm conformance`')
    return false
  }
  const page = guaranteesPage(proven, comesWithItsFeature)
  if (!check) {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, page)
    print(`${file}: written`)
    return true
  }
  const written = await readFile(file, 'utf8').catch(() => '')
  const difference = firstDifference(written, page)
  print(
    difference === undefined ? `${file}: as the suite shows it` : `${file} differs from what the suite shows, in line ${difference}: run \`pnpm guarantees\``,
  )
  return difference === undefined
}

async function proveAll(): Promise<readonly ProvenTransport[]> {
  const skips = await allowedSkips()
  const proven: ProvenTransport[] = []
  for (const harness of harnesses) {
    const { scenarios: results } = await conformance({ ...harness, allowedSkips: skips })
    proven.push({ name: harness.name, results, provided: await providedBy(harness), skips })
  }
  return proven
}

/** From 1; `undefined`: there is none. */
function firstDifference(written: string, page: string): number | undefined {
  if (written === page) return undefined
  const [ours, theirs] = [page.split('\n'), written.split('\n')]
  const index = ours.findIndex((line, at) => line !== theirs[at])
  return (index < 0 ? ours.length : index) + 1
}
