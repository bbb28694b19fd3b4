import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript6'
import { filesOf, packagesOf } from '../workspace.ts'

export const errorsPage = 'docs/reference/errors.md'

/** Every `'WAYBILL_…'` that a package of `packages/` writes in its sources, with the place of its first use. */
export function writtenCodes(root: string): ReadonlyMap<string, string> {
  const files = packagesOf(root)
    .filter(({ folder }) => folder.startsWith('packages/'))
    .flatMap(({ folder }) => filesOf(root, `${folder}/src/**/*.ts`))
  const codes = new Map<string, string>()
  for (const file of files.filter((name) => !name.endsWith('.test.ts'))) {
    const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ESNext)
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) && /^WAYBILL_[A-Z0-9_]+$/.test(node.text) && !codes.has(node.text)) codes.set(node.text, file)
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return codes
}

/** The codes that have a heading or begin a row of a table. */
export function documentedCodes(text: string): readonly string[] {
  return [...text.matchAll(/^(?:#+ +|\| *)`?(WAYBILL_[A-Z0-9_]+)`?/gm)].flatMap(([, code]) => (code === undefined ? [] : [code]))
}
