import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../../..', import.meta.url))
const typeRoots = [fileURLToPath(new URL('../../node_modules/@types', import.meta.url))]
const bin = (name: string): string => join(repository, 'node_modules', '.bin', name)

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The proof of a transport by a stranger, in an empty folder outside of the repository, with the tarballs of core and of the suite installed by npm. */
export interface Application {
  readonly folder: string
  compile(): Promise<Ended>
  /** One of its files. */
  run(file: string): Promise<Ended>
  /** A program that a package has installed. */
  command(name: string, ...args: readonly string[]): Promise<Ended>
  remove(): void
}

export async function installApplication(zod: string): Promise<Application> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'waybill proof ü-')))
  const folder = join(root, 'my transport')
  mkdirSync(folder)
  for (const name of ['core', 'conformance']) await done(run(bin('pnpm'), ['pack', '--pack-destination', root], { cwd: join(repository, 'packages', name) }))
  const tarballs = readdirSync(root).filter((name) => name.endsWith('.tgz'))
  if (tarballs.length !== 2) throw new Error(`pnpm pack made ${tarballs.join(', ') || 'no tarball'}`)
  cpSync(fileURLToPath(new URL('application', import.meta.url)), folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'proof', version: '1.0.0', private: true, type: 'module' }))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  const packages = [...tarballs.map((name) => join(root, name)), `zod@${zod}`]
  await done(run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], { cwd: folder }))
  return {
    folder,
    compile: () => run(bin('tsc'), ['-p', '.'], { cwd: folder }),
    run: (file) => run(process.execPath, [file], { cwd: folder }),
    command: (name, ...args) => run(process.execPath, [join(folder, 'node_modules', '.bin', name), ...args], { cwd: folder }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** As strict as a user's may be; `skipLibCheck` off, so that the types of both packages are checked too. */
const tsconfig = {
  compilerOptions: {
    ...{ target: 'es2023', module: 'nodenext', lib: ['es2024', 'esnext.disposable'] },
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false },
    ...{ types: ['node'], typeRoots },
  },
  include: ['*.ts', 'waybill-pigeon'],
}

interface Surroundings {
  readonly cwd: string
}

function run(command: string, args: readonly string[], { cwd }: Surroundings): Promise<Ended> {
  // Conditions and hooks of the test runner are none of a user's program.
  const { NODE_OPTIONS: _, ...env } = process.env
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, maxBuffer: 64 * 1_048_576 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr })
    })
  })
}

/** What has to work before anything can be tested. */
async function done(running: Promise<Ended>): Promise<void> {
  const { code, stdout, stderr } = await running
  if (code !== 0) throw new Error(`A preparation ended with code ${code}:\n${stdout}\n${stderr}`)
}
