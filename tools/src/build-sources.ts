import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execute } from './execute.ts'
import { packagesOf } from './workspace.ts'

/** Builds what is published, without the tests; whether that succeeded. */
export function buildSources(root: string): boolean {
  const projects = packagesOf(root)
    .filter(({ folder, path }) => folder.startsWith('packages/') && existsSync(join(path, 'tsconfig.src.json')))
    .map(({ folder }) => `${folder}/tsconfig.src.json`)
  return execute('tsc', ['-b', ...projects], { cwd: root }) === 0
}
