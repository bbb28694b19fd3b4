import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { anchorsOf, parsePage, type Page } from './page.ts'

/** Relative links to files and headings that do not exist. */
export function deadLinks(root: string, page: Page): readonly string[] {
  return [...page.prose].flatMap(([line, text]) =>
    targetsIn(text)
      .map((target) => linkProblem(root, page, target))
      .filter((problem) => problem !== undefined)
      .map((problem) => `${page.path}:${line} ${problem}`),
  )
}

function targetsIn(line: string): readonly string[] {
  const text = line.replaceAll(/`[^`]*`/g, '')
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)]
  const reference = [...text.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/g)]
  const html = [...text.matchAll(/(?:href|src)="([^"]+)"/g)]
  return [...inline, ...reference, ...html].flatMap(([, target]) => (target === undefined ? [] : [target]))
}

function linkProblem(root: string, page: Page, target: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page.path : posix.join(posix.dirname(page.path), decodeURIComponent(path))
  if (file.startsWith('..') || !existsSync(join(root, file))) return `links to ${target}, and there is no ${file}. Mend the path`
  if (anchor === undefined || !file.endsWith('.md') || statSync(join(root, file)).isDirectory()) return undefined
  const there = file === page.path ? page : parsePage(file, readFileSync(join(root, file), 'utf8'))
  return anchorsOf(there).has(decodeURIComponent(anchor)) ? undefined : `links to ${target}, and ${file} has no such heading. Mend the anchor`
}
