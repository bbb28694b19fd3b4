import type { Checked } from '../checked.ts'
import { capture } from '../execute.ts'
import { readImportGraph } from '../lint-deps/import-graph.ts'
import { checkPackages as checkImports } from '../lint-deps/package-rules.ts'
import { packagesOf, type Package } from '../workspace.ts'
import { coreProblems, coreSize } from './core-size.ts'
import { pack } from './packed.ts'

/** Looks at each public package as its users get it: packed. */
export function checkPackages(root: string): Checked {
  const packages = packagesOf(root).filter(({ folder, manifest }) => folder.startsWith('packages/') && manifest.private !== true)
  const core = packages.find(({ manifest }) => manifest.name === '@waybill/core')
  const undeclared = checkImports(readImportGraph(root)).filter(({ rule }) => rule === 'undeclared-dependency')
  const problems = [
    ...packages.flatMap(packedProblems),
    ...undeclared.map(({ file, line, text }) => `${file}:${line} ${text}`),
    ...(core === undefined ? [] : coreProblems(core)),
  ]
  const bytes = core === undefined ? undefined : coreSize(core)
  const size =
    bytes === undefined
      ? ''
      : `, core ${kilobytes(bytes.imported)} minified when imported, ${kilobytes(bytes.whole)} with what start() and the memory transport load`
  return { line: `${packages.length} packages, ${problems.length} problems${size}`, held: problems.length === 0 ? packages.length : 0, problems }
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`

function packedProblems(owner: Package): readonly string[] {
  using packed = pack(owner)
  const { name } = owner.manifest
  return [
    ...['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']
      .filter((file) => !packed.files.includes(file))
      .map((file) => `${name} is packed without ${file}. Write or build it`),
    ...packed.files
      .filter((file) => /\.test\.[mc]?[tj]s$|\.tsbuildinfo$/.test(file))
      .map((file) => `${name} is packed with ${file}. Leave it out through "files"`),
    ...tool(name, 'publint', ['run', packed.tarball, '--strict']),
    ...tool(name, 'attw', [packed.tarball, '--profile', 'esm-only', '--no-definitely-typed', '--no-emoji', '--no-color', '--format', 'ascii']),
  ]
}

function tool(name: string, command: string, args: readonly string[]): readonly string[] {
  const { code, output } = capture(command, args, { cwd: '/', env: { FORCE_COLOR: '0', NO_COLOR: '1' } })
  return code === 0 ? [] : [`${name} does not pass ${command}:\n${output.trim()}`]
}
