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
  const bytes = bundledBytes(core)
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

/** What importing it loads; `undefined` when it does not bundle. What `start()` loads comes in chunks of its own. */
export function bundledBytes(core: Package): number | undefined {
  const main = core.manifest.exports?.['.'] as { readonly default?: string } | undefined
  if (main?.default === undefined) return undefined
  try {
    const { metafile } = buildSync({ ...options, entryPoints: [join(core.path, main.default)] })
    const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint?.endsWith(main.default?.replace(/^\.\//, '') ?? '') === true)
    return entry === undefined ? undefined : [...imported(metafile, entry)].reduce((sum, path) => sum + (metafile.outputs[path]?.bytes ?? 0), 0)
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
