import type { PublicExport } from './public-exports.ts'

export const apiPagePath = 'docs/reference/api.md'

/** The page that lists every export with the first sentence of its doc comment. */
export function apiPage(exports: readonly PublicExport[]): string {
  const byEntry = Map.groupBy(exports, ({ entry }) => entry)
  const sections = [...byEntry].map(([entry, names]) => `## ${entry}\n\n${names.map(apiLine).join('\n')}\n`)
  return `# API\n\nEvery public name, with its first sentence; the rest stands in its doc comment. Written by \`pnpm docs:api\`.\n\n${sections.join('\n')}`
}

export const apiLine = ({ name, kind, doc }: PublicExport): string => `- \`${name}\` (${kind}): ${firstSentence(doc)}`

export function firstSentence(doc: string): string {
  const text = doc.replaceAll(/\s+/g, ' ')
  return /^.*?[.!?](?=\s|$)(?!\s[a-z])/.exec(text)?.[0] ?? text
}
