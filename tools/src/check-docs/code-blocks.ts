import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesOf, packagesOf } from '../workspace.ts'
import type { Block, Page } from './page.ts'

const languages = new Set(['ts', 'typescript', 'mts', 'js', 'javascript', 'mjs', 'json', 'jsonc'])

export const isCode = ({ language }: Block): boolean => languages.has(language)

/** `undefined` when a block is what its file says; else what is wrong with it. */
export function blockProblem(root: string, { path }: Page, block: Block): string | undefined {
  const place = `${path}:${block.line}`
  if (block.from === undefined)
    return `${place} shows ${block.language} that no test runs. Put it into a tested file, and <!-- from: path#region --> above the block`
  const code = taken(root, block.from)
  if (typeof code === 'string') return `${place} ${code}`
  return code.join('\n') === block.code.join('\n') ? undefined : `${place} is not what ${block.from} says. Run \`pnpm docs:sync\``
}

/** The page with each block as its file says it; blocks whose file is not found are left alone. */
export function synced(root: string, { lines, blocks }: Page): string {
  const result = [...lines]
  for (const block of blocks.toReversed()) {
    const code = block.from === undefined || !isCode(block) ? undefined : taken(root, block.from)
    if (code === undefined || typeof code === 'string') continue
    result.splice(block.line, block.code.length, ...code.map((line) => (line === '' ? '' : block.indent + line)))
  }
  return result.join('\n')
}

/** The lines of a file, or of one region of it; a sentence when that is not to be had. */
function taken(root: string, from: string): readonly string[] | string {
  const [file = '', region] = from.split('#')
  const owner = packagesOf(root).find(({ folder }) => file.startsWith(`${folder}/`))
  if (!existsSync(join(root, file))) return `is taken from ${file}, which does not exist. Mend the comment above the block`
  if (owner?.manifest.scripts?.['test'] === undefined || filesOf(owner.path, '**/*.test.ts').length === 0)
    return `is taken from ${file}, which belongs to no tested package. Move it into one`
  const lines = readFileSync(join(root, file), 'utf8').trimEnd().split('\n')
  if (region === undefined) return plain(lines)
  const start = lines.findIndex((line) => marks(line, 'region', region))
  if (start === -1) return `is taken from the region ${JSON.stringify(region)} of ${file}, which has none. Write // #region ${region} there`
  const end = lines.findIndex(
    (line, index) => index > start && (marks(line, 'endregion', region) || (depthAt(lines, start, index) === 0 && marks(line, 'endregion'))),
  )
  return end === -1
    ? `is taken from the region ${JSON.stringify(region)} of ${file}, which does not end. Write // #endregion there`
    : plain(lines.slice(start + 1, end))
}

const marker = /^\s*\/\/\s*#(region|endregion)\b\s*(\S*)/

function marks(line: string, word: 'region' | 'endregion', name = ''): boolean {
  const found = marker.exec(line)
  return found?.[1] === word && found[2] === name
}

/** How many regions are open before `index`, besides the one that begins at `start`. */
function depthAt(lines: readonly string[], start: number, index: number): number {
  return lines
    .slice(start + 1, index)
    .reduce((depth, line) => depth + (marker.exec(line)?.[1] === 'region' ? 1 : marker.exec(line)?.[1] === 'endregion' ? -1 : 0), 0)
}

/** Without the marks of regions, and as far to the left as it goes. */
function plain(lines: readonly string[]): readonly string[] {
  const code = lines.filter((line) => !marker.test(line))
  const indent = Math.min(...code.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length))
  return code.map((line) => line.slice(indent))
}
