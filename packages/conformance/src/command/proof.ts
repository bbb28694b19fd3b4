import { readFile, writeFile } from 'node:fs/promises'

const packageFile = new URL('../../package.json', import.meta.url)

/** What every proof command writes with `--json FILE`; the rest is the command's own. */
export interface Proof {
  readonly command: string
  readonly seed?: number
  readonly ok: boolean
  readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number; readonly [own: string]: number }
  readonly [own: string]: unknown
}

/** Throws for a file that cannot be written: before the run, because afterwards the run would be lost. */
export const writableProof = (json: string | undefined): Promise<void> => writable('--json', json, (file) => writeFile(file, ''))

/** Throws for a path at which `write` fails, naming its option. */
export async function writable(option: string, path: string | undefined, write: (path: string) => Promise<unknown>): Promise<void> {
  if (path === undefined) return
  try {
    await write(path)
  } catch (error) {
    throw new TypeError(`${option} cannot be ${JSON.stringify(path)}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** Writes the proof with the versions of what ran, where it was asked for. */
export async function writeProof(json: string | undefined, { command, ...proof }: Proof): Promise<void> {
  if (json === undefined) return
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { readonly version: string }
  const versions = { conformance: version, node: process.versions.node }
  await writeFile(json, `${JSON.stringify({ command, versions, ...proof }, undefined, 2)}\n`)
}
