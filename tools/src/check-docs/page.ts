import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesOf } from '../workspace.ts'

export interface Page {
  /** Relative to the root, with slashes. */
  readonly path: string
  readonly lines: readonly string[]
  readonly blocks: readonly Block[]
  /** The lines outside of code blocks, by their number. */
  readonly prose: ReadonlyMap<number, string>
}

export interface Block {
  readonly language: string
  /** The line of the opening fence, from 1. */
  readonly line: number
  readonly indent: string
  readonly code: readonly string[]
  /** What the comment above says: `examples/readme/src/main.ts#region`. */
  readonly from: string | undefined
}

const pages = ['README.md', 'CONTRIBUTING.md', 'packages/*/README.md', 'examples/*/README.md', 'docs/**/*.md']

export const readPages = (root: string): readonly Page[] =>
  pages.flatMap((pattern) => filesOf(root, pattern)).map((path) => parsePage(path, readFileSync(join(root, path), 'utf8')))

export function parsePage(path: string, text: string): Page {
  const lines = text.split('\n')
  const blocks: Block[] = []
  const prose = new Map<number, string>()
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^(\s*)(`{3,}|~{3,})\s*([\w-]*)/.exec(lines[at] ?? '')
    if (fence === null) {
      prose.set(at + 1, lines[at] ?? '')
      continue
    }
    const [, indent = '', ticks = '', language = ''] = fence
    const end = lines.findIndex((line, index) => index > at && line.trim().startsWith(ticks) && line.trim().replaceAll(ticks.slice(0, 1), '') === '')
    const last = end === -1 ? lines.length : end
    const code = lines.slice(at + 1, last).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
    blocks.push({ language: language.toLowerCase(), line: at + 1, indent, code, from: markerAbove(lines, at) })
    at = last
  }
  return { path, lines, blocks, prose }
}

function markerAbove(lines: readonly string[], at: number): string | undefined {
  const above = lines.slice(0, at).findLast((line) => line.trim() !== '')
  return /<!--\s*from:\s*(\S+)\s*-->/.exec(above ?? '')?.[1]
}

/** The anchors that a page's headings have where it is shown. */
export function anchorsOf({ prose }: Page): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const line of prose.values()) {
    const title = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1]
    const explicit = /<a\s+(?:id|name)="([^"]+)"/.exec(line)?.[1]
    if (explicit !== undefined) anchors.add(explicit)
    if (title === undefined) continue
    const slug = slugOf(title)
    let unique = slug
    for (let count = 1; anchors.has(unique); count += 1) unique = `${slug}-${count}`
    anchors.add(unique)
  }
  return anchors
}

const slugOf = (title: string): string =>
  title
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')
