import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram, type Ended } from '../support/run-program.js'

const packageFolder = fileURLToPath(new URL('../..', import.meta.url))
const repository = fileURLToPath(new URL('../../../..', import.meta.url))
const bin = (name: string): string => join(repository, 'node_modules', '.bin', name)

/** The oldest Node that is supported, and the one that runs the tests. */
export const nodes = [
  { version: '22.12.0', node: join(repository, 'node_modules', 'node2212', 'bin', 'node') },
  { version: process.versions.node, node: process.execPath },
] as const

/** An application in an empty folder outside of the repository, with the tarball of core installed by npm. */
export interface Application {
  readonly folder: string
  /** Runs a program of the application. */
  run(node: string, program: string, env?: Readonly<Record<string, string>>): Promise<Ended>
  compile(...flags: readonly string[]): Promise<Ended>
  /** Puts a package of one file beside the installed ones. */
  plant(name: string, source: string, exports?: string | object): void
  /** One file with everything in it, as `esbuild --bundle --minify` makes it. */
  bundle(source: string, outfile: string): Promise<Ended>
  remove(): void
}

const manifest = { name: 'application', version: '1.0.0', private: true, type: 'module' }
const shelfManifest = {
  name: 'waybill-shelf',
  version: '1.0.0',
  type: 'module',
  exports: { types: './index.d.ts', default: './index.js' },
  peerDependencies: { '@waybill/core': '*' },
}

/** Packs core and installs it. The folder's name has a space and an umlaut. */
export async function installApplication(): Promise<Application> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'waybill packed ü-')))
  const folder = join(root, 'my application')
  mkdirSync(folder)
  await done(runProgram(bin('pnpm'), ['pack', '--pack-destination', root], { cwd: packageFolder }))
  const tarball = readdirSync(root).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('pnpm pack made no tarball')

  cpSync(fileURLToPath(new URL('application', import.meta.url)), folder, { recursive: true })
  writeJson(join(folder, 'package.json'), manifest)
  writeJson(join(folder, 'waybill-shelf', 'package.json'), shelfManifest)
  writeJson(join(folder, 'tsconfig.json'), tsconfig)
  // The folder, not its tarball: so the compiler finds its types where it finds its sources.
  const packages = [join(root, tarball), './waybill-shelf', `zod@${await versionOf('zod')}`]
  await done(runProgram('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], { cwd: folder }))

  return {
    folder,
    run: (node, program, env = {}) =>
      runProgram(node, [program], { cwd: folder, env: { PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`, ...env } }),
    compile: (...flags) => runProgram(bin('tsc'), ['-p', '.', ...flags], { cwd: folder }),
    plant(name, source, exports = './index.js') {
      const place = join(folder, 'node_modules', name)
      mkdirSync(place)
      writeJson(join(place, 'package.json'), { name, version: '1.0.0', type: 'module', exports })
      writeFileSync(join(place, 'index.js'), source)
    },
    bundle: (source, outfile) =>
      runProgram(
        bin('esbuild'),
        [source, '--bundle', '--minify', '--platform=node', '--format=esm', `--tsconfig-raw=${JSON.stringify(decorators)}`, `--outfile=${outfile}`],
        { cwd: folder },
      ),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

const decorators = { compilerOptions: { experimentalDecorators: true } }

/** As strict as a user's may be; `skipLibCheck` off, so that our own types are checked too. */
const tsconfig = {
  compilerOptions: {
    ...{ target: 'es2023', module: 'nodenext', lib: ['es2024', 'esnext.disposable'], experimentalDecorators: true },
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false, declaration: true },
    ...{ types: ['node'], typeRoots: [join(packageFolder, 'node_modules', '@types')] },
  },
  include: ['main.ts', 'waybill-shelf'],
}

async function versionOf(name: string): Promise<string> {
  const { default: found } = (await import(`${name}/package.json`, { with: { type: 'json' } })) as { readonly default: { readonly version: string } }
  return found.version
}

/** What has to work before anything can be tested. */
async function done(running: Promise<Ended>): Promise<void> {
  const { code, stdout, stderr } = await running
  if (code !== 0) throw new Error(`A preparation ended with code ${code}:\n${stdout}\n${stderr}`)
}

const writeJson = (file: string, value: unknown): void => writeFileSync(file, JSON.stringify(value))
