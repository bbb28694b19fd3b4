import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { firstSentence } from '../src/check-docs/api-page.ts'
import { checkDocs } from '../src/check-docs/check-docs.ts'
import { synced } from '../src/check-docs/code-blocks.ts'
import { sound } from '../src/check-docs/mistakes.ts'
import { anchorsOf, parsePage, readPages } from '../src/check-docs/page.ts'
import { publicExports } from '../src/check-docs/public-exports.ts'
import { plantedTree } from '../src/planted-tree.ts'

test('counts exports, code blocks and dead links', () => {
  using tree = plantedTree(sound)
  expect(checkDocs(tree.root)).toEqual({ line: '1 exports, 1 documented, 1 code blocks, 1 from tested files, 0 dead links', held: 2, problems: [] })
})

test('writes into a page what the region says, indented as the block is, and leaves the rest alone', () => {
  using tree = plantedTree({
    ...sound,
    'docs/list.md': '- first\n\n  <!-- from: examples/shop/src/main.ts#inner -->\n  ```ts\n  old\n  older\n  ```\n\n- second\n',
  })
  const page = readPages(tree.root).find(({ path }) => path === 'docs/list.md')
  if (page === undefined) throw new Error('docs/list.md was not read')
  const text = synced(tree.root, page)
  expect(text).toBe("- first\n\n  <!-- from: examples/shop/src/main.ts#inner -->\n  ```ts\n  console.log('stuck')\n  ```\n\n- second\n")
  writeFileSync(join(tree.root, 'docs/list.md'), text)
  expect(checkDocs(tree.root).problems).toEqual([])
  expect(readFileSync(join(tree.root, 'README.md'), 'utf8')).toBe(sound['README.md'])
})

test('follows re-exports, renames and types to where they are declared, and reads no other package', () => {
  const files = {
    'packages/one/package.json': {
      name: '@waybill/one',
      exports: { '.': { '@waybill/source': './src/index.ts' }, './deep': { '@waybill/source': './src/deep/index.ts' } },
    },
    'packages/one/src/index.ts': "export { make as create, type Made } from './make.js'\nexport { z } from 'zod'\n",
    'packages/one/src/make.ts':
      '/** Makes one. @param name its name */\nexport function make(name: string): Made { return { name } }\n/** What was made. */\nexport interface Made { readonly name: string }\n',
    'packages/one/src/deep/index.ts': '/** The deepest, see {@link make}. */\nexport class Deep {}\n',
    'packages/two/package.json': { name: '@waybill/two', private: true, exports: { '.': { '@waybill/source': './src/index.ts' } } },
    'packages/two/src/index.ts': 'export const hidden = 1\n',
  }
  using tree = plantedTree(files)
  expect(publicExports(tree.root).map(({ entry, name, kind, doc }) => [entry, name, kind, doc])).toEqual([
    ['@waybill/one', 'Made', 'interface', 'What was made.'],
    ['@waybill/one', 'create', 'function', 'Makes one.'],
    ['@waybill/one', 'z', 'type', ''],
    ['@waybill/one/deep', 'Deep', 'class', 'The deepest, see `make`.'],
  ])
})

test.for([
  ['Opens the door. Knock first.', 'Opens the door.'],
  ['Opens e.g. doors.\nKnock.', 'Opens e.g. doors.'],
  ['Takes `a.b`, or 0.5 s', 'Takes `a.b`, or 0.5 s'],
] as const)('the first sentence of %j is %j', ([doc, sentence]) => expect(firstSentence(doc)).toBe(sentence))

test('makes the anchors that a page has where it is shown', () => {
  const page = parsePage('a.md', '# The `first` one\n## Twice\n## Twice\n## Über [links](b.md), too!\n```\n# no heading\n```\n<a id="own"></a>\n')
  expect([...anchorsOf(page)]).toEqual(['the-first-one', 'twice', 'twice-1', 'über-links-too', 'own'])
})
