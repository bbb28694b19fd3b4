import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript6'
import { packagesOf } from '../workspace.ts'
import type { Violation } from './violation.ts'

/** A package that the root's tsconfig.json does not name is never built, and nobody misses it: tests run on sources. */
export function checkReferences(root: string): readonly Violation[] {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)).config as
    | { readonly references?: readonly { readonly path: string }[] }
    | undefined
  const named = (config?.references ?? []).map(({ path }) => path.replace(/^\.\//, ''))
  return packagesOf(root)
    .filter(({ path, folder }) => existsSync(join(path, 'tsconfig.json')) && !named.includes(folder))
    .map(({ folder }) => ({
      rule: 'package-not-built',
      file: 'tsconfig.json',
      line: 1,
      text: `${folder} is not among the references, so nothing builds it. Add { "path": "${folder}" }`,
    }))
}
