import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync, type BuildOptions, type Metafile } from 'esbuild'
import type { Package } from '../workspace.ts'

const bytesAtMost = 60_000
const dependenciesAtMost = 3

/** Core stays small: what `import '@waybill/core'` weighs in a bundle, and what it brings along, each with its reason in the README. */
export function coreProblems(core: Package): readonly string[] {
  const dependencies = Object.keys(core.manifest.dependencies ?? {})
  const readme = existsSync(join(core.path, 'README.md')) ? readFileSync(join(core.path, 'README.md'), 'utf8') : ''
  const bytes = coreSize(core)?.imported
  return [
    ...(bytes === undefined ? ['core cannot be bundled. See the error above'] : []),
    ...(bytes !== undefined && bytes > bytesAtMost
      ? [`core takes ${bytes} bytes minified, and the limit is ${bytesAtMost}. Take out what not every bus needs`]
      : []),
    ...(dependencies.length > dependenciesAtMost
      ? [`core has ${dependencies.length} dependencies (${dependencies.join(', ')}), and the limit is ${dependenciesAtMost}. Do without one`]
      : []),
    ...dependencies
      .filter((name) => !readme.includes(`\`${name}\``))
      .map((name) => `${core.folder}/README.md gives no reason for the dependency ${name}. Name it as \`${name}\``),
  ]
}

/** Bytes, minified: what importing core loads, and all of it with what `start()` loads later. */
export interface CoreSize {
  readonly imported: number
  readonly whole: number
}

/** `undefined` when it does not bundle. */
export function coreSize(core: Package): CoreSize | undefined {
  const main = core.manifest.exports?.['.'] as { readonly default?: string } | undefined
  if (main?.default === undefined) return undefined
  try {
    const { metafile } = buildSync({ ...options, entryPoints: [join(core.path, main.default)] })
    const outputs = Object.entries(metafile.outputs)
    const entry = outputs.find(([, { entryPoint }]) => entryPoint?.endsWith(main.default?.replace(/^\.\//, '') ?? '') === true)?.[0]
    if (entry === undefined) return undefined
    const imports = imported(metafile, entry)
    const bytesOf = (paths: typeof outputs): number => paths.reduce((sum, [, { bytes }]) => sum + bytes, 0)
    return { imported: bytesOf(outputs.filter(([path]) => imports.has(path))), whole: bytesOf(outputs) }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return undefined
  }
}

/** A file and all that it imports when it is loaded. */
function imported(metafile: Metafile, path: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const { kind, external, path: next } of metafile.outputs[path]?.imports ?? [])
    if (kind === 'import-statement' && external !== true) imported(metafile, next, seen)
  return seen
}

const options = {
  bundle: true,
  minify: true,
  splitting: true,
  outdir: 'bundle',
  metafile: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['zod', 'reflect-metadata'],
  logLevel: 'silent',
} satisfies BuildOptions & { readonly write: false; readonly metafile: true }
