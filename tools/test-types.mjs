// Compiles what must and what must not compile, with both forms of decorators and two compilers, and compares what they say.
//   --json FILE   writes { command, versions, ok, counts }
//   --selftest    plants mistakes in the cases and fails unless each is reported
//   --update      writes what the compilers say into the cases: read the diff
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compile, programs, run, versionOf } from './types/compile.mjs'
import { expectationFor, readCase, withExpectations } from './types/read-case.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const home = join(root, 'packages/core/test-types')
const least = { rejected: 24, accepted: 18 }
const longest = 5

const { values } = parseArgs({ options: { json: { type: 'string' }, selftest: { type: 'boolean' }, update: { type: 'boolean' } } })
const built = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/core/tsconfig.src.json'], root)
if (built !== '') throw new Error(`@waybill/core does not compile:\n${built}`)
const shared = await Promise.all(['orders.ts', 'same.ts'].map(async (file) => [file, await readFile(join(home, file), 'utf8')]))
const cases = await readCases()

if (values.update === true) await update()
else if (values.selftest === true) await selftest()
else await report(await verdicts(cases))

async function readCases() {
  const files = await Array.fromAsync(glob(join(home, 'cases/**/*.ts')))
  return Promise.all(files.toSorted().map((file) => readCase(file, relative(join(home, 'cases'), file).replaceAll('\\', '/').replace(/\.ts$/, ''))))
}

/** What each program says about each case: `{ program, name, problem }`, the problem undefined where it is as it must be. */
async function verdicts(list) {
  const found = []
  for (const program of programs) {
    const said = await ask(program, list)
    for (const one of list.filter(({ only }) => only === undefined || only === program.mode)) {
      const answer = said.get(one.name)
      if (one.accepted === undefined) found.push({ program, name: one.name, problem: acceptance(answer) })
      else {
        found.push({ program, name: one.name, problem: rejection(answer, expectationFor(one, program)) })
        found.push({ program, name: `${one.name} (accepted twin)`, problem: acceptance(said.get(twinOf(one))) })
      }
    }
  }
  return found
}

function twinOf(one) {
  return `${one.name}.accepted`
}

function ask(program, list) {
  const modules = new Map()
  for (const one of list) {
    if (one.only !== undefined && one.only !== program.mode) continue
    modules.set(one.name, one.source)
    if (one.accepted !== undefined) modules.set(twinOf(one), one.accepted)
  }
  return compile(program, modules, { root, folder: join(home, 'dist'), shared })
}

function acceptance(answer) {
  return answer.length === 0 ? undefined : `must compile, and says\n${answer.join('\n')}`
}

function rejection(answer, expected) {
  const text = answer.join('\n')
  if (answer.length === 0) return 'compiles, and must not'
  if (expected === undefined) return `expects nothing of this program, which says\n${text}`
  if (text !== expected) return `must say\n${expected}\nand says\n${text}`
  const long = answer.find((each) => each.split('\n').length > longest)
  return long === undefined ? undefined : `has a diagnostic of more than ${longest} lines\n${long}`
}

async function report(found) {
  const failed = found.filter(({ problem }) => problem !== undefined)
  for (const { program, name, problem } of failed) console.log(`${name} (${program.mode}, ${program.compiler}) ${problem.replaceAll('\n', '\n    ')}\n`)
  for (const program of programs) {
    const own = found.filter((verdict) => verdict.program === program)
    console.log(
      `${program.mode} decorators, ${program.compiler}: ${own.filter(({ problem }) => problem === undefined).length} of ${own.length} modules as expected`,
    )
  }
  const rejected = cases.filter(({ accepted }) => accepted !== undefined).length
  const few = rejected < least.rejected || cases.length - rejected < least.accepted
  if (few) console.log(`${rejected} rejected and ${cases.length - rejected} accepted cases are too few: ${least.rejected} and ${least.accepted} at least`)
  const counts = { passed: found.length - failed.length, failed: failed.length + (few ? 1 : 0), skipped: 0 }
  const ok = counts.failed === 0
  if (values.json !== undefined) {
    const versions = { node: process.versions.node, typescript: await versionOf(root, 'typescript'), typescript6: await versionOf(root, 'typescript6') }
    await writeFile(values.json, `${JSON.stringify({ command: 'test:types', versions, ok, counts }, null, 2)}\n`)
  }
  console.log(`test:types: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  process.exitCode = ok ? 0 : 1
}

/** Each plant is a mistake of this script's users; one that no program reports would let a real one pass. */
async function selftest() {
  const rejected = cases.find(({ accepted, only }) => accepted !== undefined && only === undefined)
  const accepted = cases.find((one) => one.accepted === undefined && one.only === undefined)
  const changed = ({ selectors, text }) => ({ selectors, text: text.replace(/^TS\d+/, 'TS1') })
  const plants = [
    { ...rejected, name: 'planted/wrong-code', expectations: rejected.expectations.map(changed) },
    { ...rejected, name: 'planted/wrong-text', expectations: [{ selectors: [], text: 'TS1: something else' }] },
    { ...rejected, name: 'planted/no-expectation', expectations: [] },
    { ...rejected, name: 'planted/compiles', source: rejected.accepted },
    { ...rejected, name: 'planted/twin-that-does-not-compile', accepted: rejected.source },
    { ...accepted, name: 'planted/accepted-that-does-not-compile', source: rejected.source },
  ]
  const failed = (await verdicts([rejected, accepted, ...plants])).filter(({ problem }) => problem !== undefined)
  const caught = plants.filter(({ name }) =>
    programs.every((program) => failed.some((verdict) => verdict.program === program && verdict.name.startsWith(name))),
  )
  const innocent = failed.filter(({ name }) => !name.startsWith('planted/'))
  for (const { name } of plants.filter((plant) => !caught.includes(plant))) console.log(`${name} was not reported by every program`)
  for (const { name, problem } of innocent) console.log(`${name} is innocent, and was reported: ${problem}`)
  console.log(`test:types --selftest: ${plants.length} planted, ${caught.length} caught`)
  process.exitCode = caught.length === plants.length && innocent.length === 0 ? 0 : 1
}

async function update() {
  const answers = new Map()
  for (const program of programs) {
    const said = await ask(program, cases)
    for (const one of cases) {
      const answer = said.get(one.name) ?? []
      if (one.accepted !== undefined && answer.length > 0) answers.set(one, (answers.get(one) ?? new Map()).set(program, answer.join('\n')))
    }
  }
  for (const [one, texts] of answers) await writeFile(join(home, 'cases', `${one.name}.ts`), withExpectations(one, texts))
  console.log(`test:types: ${answers.size} cases written`)
}
