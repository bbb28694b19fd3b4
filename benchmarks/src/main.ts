import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import { benchOptions, type BenchOptions } from './bench-options.js'
import { coreSuite } from './core/core-suite.js'
import type { Pace } from './measure.js'
import { heading, printed } from './print.js'
import { runSuite } from './run-suite.js'

// `pnpm bench core [--json FILE] [--seed N] [--quick] [--sabotage NAME]`
try {
  if (!(await bench(benchOptions(process.argv.slice(2))))) process.exitCode = 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** Whether every candidate handled what it was asked to. Targets are told, and decide nothing: they hang on the machine. */
async function bench({ json, seed, quick, sabotage }: BenchOptions): Promise<boolean> {
  const pace: Pace = quick ? { rounds: 2, roundMs: 5, clock: 'wall' } : { rounds: 5, roundMs: 400, clock: 'processor' }
  const versions = versionsOf()
  const machine = machineName()
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  console.log(`${list.join(', ')}; ${machine}; ${pace.rounds} interleaved rounds of ${pace.roundMs} ms, ${pace.clock} time; seed ${seed}\n`)
  console.log(heading)
  const rows = await runSuite(coreSuite({ seed, quick }), { pace, sabotage, show: (shown) => console.log(shown.map(printed).join('\n')) })

  const failed = rows.filter(({ handled, iterations }) => handled !== iterations).length
  const counts = { passed: rows.length - failed, failed, skipped: 0 }
  const ok = failed === 0
  if (json !== undefined) {
    mkdirSync(dirname(json), { recursive: true })
    writeFileSync(json, `${JSON.stringify({ command: 'bench core', versions, machine, clock: pace.clock, seed, ok, counts, rows }, null, 2)}\n`)
  }
  const targets = rows.flatMap(({ target }) => target ?? [])
  console.log(`\n${targets.filter(({ met }) => met).length} of ${targets.length} targets met`)
  console.log(`bench core: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  return ok
}

function machineName(): string {
  const processors = cpus()
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}`
}

function versionsOf(): Readonly<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> }
  const { inversify = '', zod = '' } = manifest.dependencies
  return { node: process.versions.node, inversify, zod }
}
