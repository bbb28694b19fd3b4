import { parseArgs } from 'node:util'
import { plantedTree } from './planted-tree.ts'
import { conclude } from './proof.ts'
import { repository } from './workspace.ts'

/** What a check found on a tree. */
export interface Checked {
  /** The line that it ends with. */
  readonly line: string
  /** How many things hold. */
  readonly held: number
  readonly problems: readonly string[]
}

/** A mistake that a check must see. */
export interface Mistake {
  readonly title: string
  /** Files over those of a tree that is in order; `undefined` takes one away. */
  readonly files: Readonly<Record<string, string | undefined>>
  /** Stands in the problem that the check must name. */
  readonly said: string
}

export interface Check {
  readonly command: string
  readonly check: (root: string) => Checked
  /** A tree that is in order, and what may go wrong in it. */
  readonly sound: Readonly<Record<string, string | object>>
  readonly mistakes: readonly Mistake[]
}

/** Runs a check on the repository, or with `--selftest` on planted mistakes; `--json FILE` keeps the proof, `--root DIR` looks elsewhere. */
export function runCheck({ command, check, sound, mistakes }: Check): void {
  const { values } = parseArgs({
    options: { json: { type: 'string' }, selftest: { type: 'boolean', default: false }, root: { type: 'string', default: repository } },
  })
  if (values.selftest) {
    const caught = [isSilent(check, sound), ...mistakes.map((mistake) => isCaught(check, sound, mistake))].filter(Boolean).length
    conclude(`${command} --selftest`, { passed: caught, failed: mistakes.length + 1 - caught, skipped: 0 }, values.json)
    // The tree in order is one more, and no mistake.
    console.log(`${mistakes.length} planted, ${caught - 1} caught`)
    return
  }
  const { line, held, problems } = check(values.root)
  for (const problem of problems) console.error(problem)
  conclude(command, { passed: held, failed: problems.length, skipped: 0 }, values.json)
  console.log(line)
}

function isSilent(check: Check['check'], sound: Check['sound']): boolean {
  using tree = plantedTree(sound)
  const { problems } = check(tree.root)
  for (const problem of problems) console.error(`found in a tree that is in order: ${problem}`)
  return problems.length === 0
}

function isCaught(check: Check['check'], sound: Check['sound'], { title, files, said }: Mistake): boolean {
  using tree = plantedTree({ ...sound, ...files })
  const { problems } = check(tree.root)
  const caught = problems.some((problem) => problem.includes(said))
  console.log(`${caught ? 'caught' : 'missed'}  ${title}`)
  if (!caught) for (const problem of problems) console.error(`        instead: ${problem}`)
  return caught
}
