import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { capture } from '../execute.ts'
import type { Package } from '../workspace.ts'

export interface Packed {
  readonly tarball: string
  /** Paths inside the tarball. */
  readonly files: readonly string[]
  [Symbol.dispose](): void
}

/** The tarball that would be published. */
export function pack(owner: Package): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'))
  const { code, stdout, output } = capture('pnpm', ['pack', '--json', '--pack-destination', folder], { cwd: owner.path })
  if (code !== 0) throw new Error(`${owner.folder} cannot be packed: ${output}`)
  const { filename, files } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
    readonly filename: string
    readonly files: readonly { readonly path: string }[]
  }
  return { tarball: filename, files: files.map(({ path }) => path), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}
