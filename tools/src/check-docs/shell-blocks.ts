import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packagesOf, readManifest, type Manifest, type Package } from '../workspace.ts'
import type { Block, Page } from './page.ts'

const shells = new Set(['sh', 'bash', 'shell', 'console', 'zsh'])

export const isShell = ({ language }: Block): boolean => shells.has(language)

/** What is wrong with the commands of a shell block: scripts, files and packages that do not exist. */
export function shellProblems(root: string, { path }: Page, block: Block): readonly string[] {
  const workspace = { root, manifest: readManifest(root), packages: packagesOf(root) }
  return block.code.flatMap((line, index) =>
    commandsOf(line)
      .flatMap((command) => commandProblem(workspace, command))
      .map((problem) => `${path}:${block.line + 1 + index} ${problem}`),
  )
}

interface Workspace {
  readonly root: string
  readonly manifest: Manifest & { readonly packageManager?: string }
  readonly packages: readonly Package[]
}

function commandsOf(line: string): readonly (readonly string[])[] {
  const text = line.replace(/^\s*\$\s+/, '').replace(/(^|\s)#.*$/, '')
  return text
    .split(/&&|\|\||;|\|/)
    .map((command) => command.trim().split(/\s+/).filter(Boolean))
    .filter((words) => words.length > 0)
}

function commandProblem(workspace: Workspace, words: readonly string[]): readonly string[] {
  const [command = '', ...rest] = words.filter((word) => !/^[A-Z_]+=/.test(word))
  if (command === 'npx')
    return npxProblem(
      workspace,
      rest.filter((word) => !word.startsWith('-')),
      rest,
    )
  if (command === 'pnpm') return pnpmProblem(workspace, rest)
  if (command === 'npm') return npmProblem(workspace, rest)
  if (command === 'node' || command === 'bash')
    return fileProblem(
      workspace,
      rest.find((word) => !word.startsWith('-')),
    )
  return []
}

function npxProblem(workspace: Workspace, [tool = '', ...named]: readonly string[], all: readonly string[]): readonly string[] {
  if (!tool.startsWith('pnpm')) return []
  const wanted = workspace.manifest.packageManager
  if (wanted !== undefined && tool !== wanted) return [`calls ${tool}, and package.json pins ${wanted}. Write that`]
  return named.length === 0 ? [] : pnpmProblem(workspace, all.slice(all.indexOf(tool) + 1))
}

/** pnpm's own words, which need no script. */
const builtIn = new Set([
  'install',
  'i',
  'add',
  'remove',
  'exec',
  'dlx',
  'create',
  'pack',
  'why',
  'outdated',
  'update',
  'changeset',
  'oxlint',
  'vitest',
  'tsc',
  'turbo',
])

function pnpmProblem({ manifest, packages }: Workspace, words: readonly string[]): readonly string[] {
  const filter = words.findIndex((word) => word === '--filter' || word === '-F')
  const target = filter === -1 ? undefined : words[filter + 1]
  const owner = target === undefined ? manifest : packages.find((candidate) => candidate.manifest.name === target)?.manifest
  if (owner === undefined) return [`names the package ${target}, which does not exist. Mend the name`]
  const [script, ...more] = words.filter((word, index) => !word.startsWith('-') && (filter === -1 || index !== filter + 1) && word !== 'run')
  if (script === undefined) return []
  if (script === 'add') return packageProblem(packages, more)
  return builtIn.has(script) || owner.scripts?.[script] !== undefined
    ? []
    : [`runs pnpm ${script}, which is no script of ${owner.name}. Mend the name, or add the script`]
}

function npmProblem({ packages, manifest }: Workspace, [verb = '', ...rest]: readonly string[]): readonly string[] {
  if (verb === 'install' || verb === 'i' || verb === 'add') return packageProblem(packages, rest)
  if (verb === 'run') return manifest.scripts?.[rest[0] ?? ''] === undefined ? [`runs npm run ${rest[0]}, which is no script. Mend the name`] : []
  return []
}

function packageProblem(packages: readonly Package[], words: readonly string[]): readonly string[] {
  return words
    .filter((word) => word.startsWith('@waybill/'))
    .map((word) => word.replace(/(?<=.)@[^@/]*$/, ''))
    .filter((name) => !packages.some(({ manifest }) => manifest.name === name))
    .map((name) => `installs ${name}, which does not exist. Mend the name`)
}

function fileProblem({ root }: Workspace, file: string | undefined): readonly string[] {
  if (file === undefined || file.startsWith('/') || file.startsWith('node_modules/')) return []
  // What is built stands for its source: pages are checked without a build.
  const source = file.replace(/\/dist\//, '/src/').replace(/\.js$/, '.ts')
  return existsSync(join(root, file)) || existsSync(join(root, source)) ? [] : [`runs ${file}, which does not exist. Mend the path`]
}
