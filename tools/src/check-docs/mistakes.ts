import type { Mistake } from '../checked.ts'
import { apiPage, apiPagePath } from './api-page.ts'

const door = "/** Opens the door. Knock first. */\nexport const open = (): string => 'open'\n"
const example =
  "import { open } from '@waybill/one'\n\n// #region open\nif (open() !== 'open') {\n  // #region inner\n  console.log('stuck')\n  // #endregion\n}\n// #endregion\n"
const shown = "if (open() !== 'open') {\n  console.log('stuck')\n}"
const readme = (code: string, more = ''): string => `# One\n\n<!-- from: examples/shop/src/main.ts#open -->\n\n\`\`\`ts\n${code}\n\`\`\`\n\n${more}`
const usage = '```sh\nnpx -y pnpm@12.21.0 start --fast   # runs it\npnpm build && node examples/shop/dist/main.js\nnpm install @waybill/one\n```\n'
const links = '[page](docs/page.md#the-second-part), [here](#one), [there](https://example.org/nothing)\n'

/** A package, a page and an example that are in order. */
export const sound = {
  'package.json': { name: 'root', packageManager: 'pnpm@12.21.0', scripts: { start: 'node .', build: 'tsc -b' } },
  'packages/one/package.json': { name: '@waybill/one', exports: { '.': { '@waybill/source': './src/index.ts' }, './package.json': './package.json' } },
  'packages/one/src/index.ts': "export { open } from './door.js'\n",
  'packages/one/src/door.ts': door,
  'examples/shop/package.json': { name: '@waybill/shop', private: true, scripts: { test: 'vitest run' } },
  'examples/shop/src/main.ts': example,
  'examples/shop/src/main.test.ts': '',
  'README.md': readme(shown, usage + links),
  'docs/page.md': '# Page\n\n## The `second` part\n\n```\nno language, no check\n```\n',
  [apiPagePath]: apiPage([{ entry: '@waybill/one', name: 'open', kind: 'const', doc: 'Opens the door. Knock first.', file: '' }]),
}

const mistake = (title: string, file: string, text: string, said: string): Mistake => ({ title, files: { [file]: text }, said })
const shell = (title: string, command: string, said: string): Mistake => mistake(title, 'README.md', readme(shown, `\`\`\`sh\n${command}\n\`\`\`\n`), said)
const link = (title: string, target: string, said: string): Mistake => mistake(title, 'README.md', readme(shown, `[there](${target})\n`), said)

export const mistakes: readonly Mistake[] = [
  mistake(
    'an export without a doc comment',
    'packages/one/src/door.ts',
    door.replace(/^.*\n/, ''),
    'open of @waybill/one (packages/one/src/door.ts) has no doc comment',
  ),
  mistake('an export that the reference does not list', apiPagePath, '# API\n', 'is not what the sources say'),
  mistake('a promise that the reference has not heard of', 'packages/one/src/door.ts', door.replace('Opens', 'Shuts'), 'is not what the sources say'),
  mistake('a code block from nowhere', 'README.md', '# One\n\n```ts\nopen()\n```\n', 'README.md:3 shows ts that no test runs'),
  mistake('a code block that has aged', 'README.md', readme('open()'), 'is not what examples/shop/src/main.ts#open says'),
  mistake(
    'a code block from a file that is gone',
    'README.md',
    readme(shown).replace('main.ts#open', 'gone.ts#open'),
    'examples/shop/src/gone.ts, which does not exist',
  ),
  mistake('a code block from a region that is gone', 'README.md', readme(shown).replace('#open', '#close'), 'the region "close"'),
  mistake('a code block from a package without tests', 'examples/shop/package.json', '{ "name": "@waybill/shop" }', 'belongs to no tested package'),
  shell('a script that does not exist', 'pnpm begin', 'README.md:12 runs pnpm begin'),
  shell('another pnpm than the pinned one', 'npx -y pnpm@9.0.0 start', 'package.json pins pnpm@12.21.0'),
  shell('a file that does not exist', 'node examples/shop/dist/gone.js', 'runs examples/shop/dist/gone.js'),
  shell('a package that does not exist', 'npm install @waybill/two', 'installs @waybill/two'),
  link('a link to no file', 'docs/gone.md', 'README.md:11 links to docs/gone.md'),
  link('a link to no heading', 'docs/page.md#third', 'docs/page.md has no such heading'),
  link('a link to no heading of its own page', '#two', 'README.md has no such heading'),
]
