import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { countTests } from './count-tests.ts'
import { execute } from './execute.ts'
import { conclude, countsLine } from './proof.ts'
import { packagesOf, repository, type Package } from './workspace.ts'

// `pnpm test [package …] [--json FILE]`: builds, runs every test of every package (or of those named), adds up the runners' reports.
const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' }, root: { type: 'string', default: repository } } })
const { root } = values
const packages = choose(packagesOf(root), positionals)

// A report that is there afterwards is of this run, or of an equal one that turbo kept.
for (const { path } of packages) rmSync(join(path, 'reports'), { recursive: true, force: true })

const filters = positionals.length === 0 ? [] : packages.map(({ manifest }) => `--filter=${manifest.name}`)
const built = execute('tsc', ['-b'], { cwd: root }) === 0
const unit = turbo('test')
// One at a time and after the others: what waits for another process fails when it gets no processor.
const processes = turbo('test:process', '--concurrency=1')

const { counts, problems } = countTests(
  root,
  packages.map(({ folder }) => folder),
)
const silent = !(unit && processes) && counts.failed === 0
const own = [
  ...(built ? [] : ['The build failed. Its errors stand above the tests']),
  ...(silent ? ['A test run failed without saying so in its report. See the output above'] : []),
]
for (const problem of [...problems, ...own]) console.error(`\n${problem}`)
const total = { ...counts, failed: counts.failed + own.length }
conclude('test', total, values.json)
console.log(`\n${countsLine(total)}`)

function turbo(task: string, ...flags: readonly string[]): boolean {
  return execute('turbo', ['run', task, '--continue', '--output-logs=new-only', ...flags, ...filters], { cwd: root }) === 0
}

function choose(all: readonly Package[], names: readonly string[]): readonly Package[] {
  const unknown = names.filter((name) => !all.some((candidate) => isNamed(candidate, name)))
  if (unknown.length > 0) {
    console.error(`No package is named ${unknown.join(', ')}. There are ${all.map(({ manifest }) => manifest.name.replace('@waybill/', '')).join(', ')}`)
    process.exit(1)
  }
  return names.length === 0 ? all : all.filter((candidate) => names.some((name) => isNamed(candidate, name)))
}

function isNamed({ manifest, folder }: Package, name: string): boolean {
  return [manifest.name, manifest.name.replace('@waybill/', ''), folder].includes(name)
}
