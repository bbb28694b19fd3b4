import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync, type BuildOptions } from 'esbuild'
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

/** `undefined` when it does not bundle. */
export function bundledBytes(core: Package): number | undefined {
  const main = core.manifest.exports?.['.'] as { readonly default?: string } | undefined
  if (main?.default === undefined) return undefined
  try {
    const { outputFiles } = buildSync({ ...options, entryPoints: [join(core.path, main.default)] })
    return outputFiles.reduce((sum, file) => sum + file.contents.length, 0)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return undefined
  }
}

const options = {
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['zod', 'reflect-metadata'],
  logLevel: 'silent',
} satisfies BuildOptions & { readonly write: false }
