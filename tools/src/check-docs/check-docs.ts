import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Checked } from '../checked.ts'
import { apiLine, apiPage, apiPagePath } from './api-page.ts'
import { blockProblem, isCode } from './code-blocks.ts'
import { deadLinks } from './links.ts'
import { readPages } from './page.ts'
import { publicExports, type PublicExport } from './public-exports.ts'
import { isShell, shellProblems } from './shell-blocks.ts'

/** Every export has its doc comment and its line, every code block comes from a tested file, every link leads somewhere. */
export function checkDocs(root: string): Checked {
  const exports = publicExports(root)
  const page = existsSync(join(root, apiPagePath)) ? readFileSync(join(root, apiPagePath), 'utf8') : ''
  const documented = exports.filter((found) => found.doc !== '' && page.includes(apiLine(found)))
  const pages = readPages(root)
  const code = pages.flatMap((found) => found.blocks.filter(isCode).map((block) => blockProblem(root, found, block)))
  const shell = pages.flatMap((found) => found.blocks.filter(isShell).flatMap((block) => shellProblems(root, found, block)))
  const dead = pages.flatMap((found) => deadLinks(root, found))
  const fromTests = code.filter((problem) => problem === undefined).length
  return {
    line: `${exports.length} exports, ${documented.length} documented, ${code.length} code blocks, ${fromTests} from tested files, ${dead.length} dead links`,
    held: documented.length + fromTests,
    problems: [...exportProblems(exports, page), ...code.filter((problem) => problem !== undefined), ...shell, ...dead],
  }
}

function exportProblems(exports: readonly PublicExport[], page: string): readonly string[] {
  const silent = exports
    .filter(({ doc }) => doc === '')
    .map(({ entry, name, file }) => `${name} of ${entry} (${file}) has no doc comment. State its promise in one sentence`)
  if (silent.length > 0) return silent
  return page === apiPage(exports) ? [] : [`${apiPagePath} is not what the sources say. Run \`pnpm docs:api\``]
}
