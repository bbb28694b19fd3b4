import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

export interface CopiedTree {
  readonly root: string
  [Symbol.dispose](): void
}

const leftOut = new Set(['.git', '.turbo', 'reports', '.cache'])

/** A copy of a checkout to plant mistakes in: its packages find each other in the copy, and everything else where it is installed. */
export function copyTree(from: string): CopiedTree {
  const root = mkdtempSync(join(tmpdir(), 'waybill-copy-'))
  for (const name of readdirSync(from)) {
    if (leftOut.has(name)) continue
    // pnpm's links are relative, so a package's own node_modules leads into the copy, and from there here.
    if (name === 'node_modules') symlinkSync(join(from, name), join(root, name))
    else cpSync(join(from, name), join(root, name), { recursive: true, verbatimSymlinks: true, filter: (file) => !leftOut.has(basename(file)) })
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}
