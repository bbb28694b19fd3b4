import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly version?: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface Package {
  /** Relative to the root, with slashes: `packages/core`. */
  readonly folder: string
  readonly path: string
  readonly manifest: Manifest
}

/** The checkout that this file is part of. */
export const repository = resolve(import.meta.dirname, '../..')

/** Every package of the workspace at `root`, in order of its folder. */
export function packagesOf(root: string): readonly Package[] {
  return patternsOf(root)
    .flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: root }))
    .map((file) => slashed(file).replace(/\/package\.json$/, ''))
    .sort()
    .map((folder) => ({ folder, path: join(root, folder), manifest: readManifest(join(root, folder)) }))
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

const generated = new Set(['node_modules', 'dist', 'reports', '.git', '.turbo', 'coverage'])

/** Files below `root` that a person wrote, relative to it, with slashes. */
export function filesOf(root: string, pattern: string): readonly string[] {
  if (!existsSync(root)) return []
  return globSync(pattern, { cwd: root, exclude: (name) => generated.has(name.slice(name.lastIndexOf(sep) + 1)) })
    .map(slashed)
    .sort()
}

export const within = (root: string, file: string): string => slashed(relative(root, file))

function patternsOf(root: string): readonly string[] {
  const list = /^packages:\s*\[(.*)\]/m.exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))?.[1]
  if (list === undefined) throw new Error(`${root}/pnpm-workspace.yaml has no line "packages: [ … ]". Write the list on one line`)
  return list.split(',').map((pattern) => pattern.trim())
}

const slashed = (path: string): string => path.split(sep).join('/')
