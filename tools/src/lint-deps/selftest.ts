import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { capture } from '../execute.ts'
import { checkDependencies } from './check-dependencies.ts'
import { copyTree } from './copy-tree.ts'
import { plantings, type Planting } from './plantings.ts'
import { checkPublicAny } from './public-any.ts'
import { printed, type Violation } from './violation.ts'

/** Plants each mistake in a copy of the tree, one at a time, and asks the rule that must see it. */
export function selftest(repository: string): { readonly planted: number; readonly caught: number } {
  using tree = copyTree(repository)
  const caught = plantings.filter((planting) => isCaught(tree.root, planting))
  return { planted: plantings.length, caught: caught.length }
}

function isCaught(root: string, planting: Planting): boolean {
  const before = violationsOf(root, planting)
  using _planted = plant(root, planting)
  const fresh = violationsOf(root, planting).filter((violation) => !before.some((known) => printed(known) === printed(violation)))
  const hit = fresh.find(({ rule }) => rule === planting.rule)
  console.log(`${hit === undefined ? 'missed' : 'caught'}  ${planting.title.padEnd(42)}${planting.rule}`)
  if (hit === undefined) for (const violation of fresh) console.error(`        instead: ${printed(violation)}`)
  return hit !== undefined
}

function plant(root: string, { files }: Planting): Disposable {
  const undo = files.map(([path, text]) => {
    const file = join(root, path)
    const original = existsSync(file) ? readFileSync(file) : undefined
    mkdirSync(dirname(file), { recursive: true })
    if (original === undefined) writeFileSync(file, text)
    else appendFileSync(file, text)
    return () => (original === undefined ? rmSync(file) : writeFileSync(file, original))
  })
  return { [Symbol.dispose]: () => undo.forEach((restore) => restore()) }
}

function violationsOf(root: string, { by, files }: Planting): readonly Violation[] {
  switch (by) {
    case 'dependencies':
      return checkDependencies(root).violations
    case 'oxlint':
      return files.flatMap(([path]) => lint(root, path))
    case 'public types':
      capture('tsc', ['-b', 'packages/core'], { cwd: root })
      return checkPublicAny(root)
  }
}

interface Diagnostic {
  readonly code: string
  readonly message: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number } }[]
}

function lint(root: string, path: string): readonly Violation[] {
  if (!existsSync(join(root, path))) return []
  const { stdout } = capture('oxlint', ['--type-aware', '--format=json', path], { cwd: root })
  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }
  return diagnostics.map(({ code, message, filename, labels }) => ({ rule: code, file: filename, line: labels[0]?.span.line ?? 1, text: message }))
}
