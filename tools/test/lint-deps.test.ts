import { expect, test } from 'vitest'
import { checkDependencies } from '../src/lint-deps/check-dependencies.ts'
import { checkPublicAny } from '../src/lint-deps/public-any.ts'
import { plantedTree } from '../src/planted-tree.ts'

const core = {
  'packages/core/package.json': { name: '@waybill/core', dependencies: { '@standard-schema/spec': '1' }, devDependencies: { zod: '4', '@types/pg': '8' } },
}

function violations(files: Readonly<Record<string, string | object>>): readonly string[] {
  using tree = plantedTree({ ...core, ...files })
  return checkDependencies(tree.root).violations.map(({ rule, file, line }) => `${rule} ${file}:${line}`)
}

test('lets a tree pass that keeps the order', () => {
  const files = {
    'packages/core/src/index.ts': "export { createBus } from './bus/create-bus.js'\nexport { memory } from './memory/index.js'\n",
    'packages/core/src/bus/create-bus.ts':
      "import { memory } from '../memory/index.js'\nimport { pipeline } from '../pipeline/list.js'\nexport const createBus = () => [memory, pipeline]\n",
    'packages/core/src/pipeline/list.ts': "import { settle } from '../incoming/settle.js'\nexport const pipeline = [settle]\n",
    'packages/core/src/incoming/settle.ts': "import { recover } from '../invocation/recover.js'\nexport const settle = recover\n",
    'packages/core/src/invocation/recover.ts': "import type { Clock } from '../contract/index.js'\nexport const recover = (clock: Clock) => clock\n",
    'packages/core/src/contract/index.ts': 'export interface Clock { now(): number }\n',
    'packages/core/src/memory/index.ts':
      "import type { Clock } from '../contract/index.js'\nimport { EventEmitter } from 'node:events'\nexport const memory = (clock: Clock) => [clock, EventEmitter]\n",
    'packages/rabbitmq/package.json': { name: '@waybill/rabbitmq', dependencies: { amqplib: '2' }, peerDependencies: { '@waybill/core': '*' } },
    'packages/rabbitmq/src/index.ts':
      "import { connect } from 'amqplib'\nimport type { Transport } from '@waybill/core/contract'\nimport { redactUrl } from '@waybill/core/wire'\nexport const rabbitmq = [connect, redactUrl] as unknown as Transport\n",
    'examples/shop/package.json': { name: '@waybill/shop', dependencies: { '@waybill/core': '*', '@waybill/rabbitmq': '*' } },
    'examples/shop/src/main.ts': "import '@waybill/core'\nimport '@waybill/rabbitmq'\n",
  }
  expect(violations(files)).toEqual([])
})

test.for([
  ['core-layers', 'packages/core/src/errors/a.ts', "import type { A } from '../runtime/b.js'\n"],
  ['core-layers', 'packages/core/src/cupboard/a.ts', "import '../runtime/b.js'\n"],
  ['core-layers', 'packages/core/src/runtime/a.ts', "import '../memory/b.js'\n"],
  ['core-layers', 'packages/core/src/runtime/a.ts', "import '../index.js'\n"],
  ['contract-imports-nothing', 'packages/core/src/contract/a.ts', "export type A = import('../errors/b.js').B\n"],
  ['contract-imports-nothing', 'packages/core/src/contract/a.ts', "import type { EventEmitter } from 'node:events'\n"],
  ['transport-knows-the-contract', 'packages/core/src/memory/a.ts', "import { b } from '../errors/b.js'\n"],
  ['transport-knows-the-contract', 'packages/kafka/src/a.ts', "import type { Bus } from '@waybill/core'\n"],
  ['transport-knows-the-contract', 'packages/kafka/src/a.ts', "await import('@waybill/core/runtime')\n"],
  ['libraries-import-core', 'packages/saga/src/a.ts', "export { a } from '@waybill/kafka'\n"],
  ['libraries-import-core', 'packages/core/src/runtime/a.ts', "import '@waybill/kafka'\n"],
  ['nothing-imports-applications', 'packages/saga/src/a.ts', "import '@waybill/shop'\n"],
  ['nothing-imports-applications', 'packages/saga/src/a.test.ts', "import '../../../examples/shop/src/main.js'\n"],
  ['no-deep-import', 'packages/saga/src/a.ts', "import '../../core/src/errors/b.js'\n"],
  ['no-deep-import', 'packages/saga/src/a.test.ts', "import '@waybill/core/dist/index.js'\n"],
  ['core-knows-no-broker', 'packages/core/src/runtime/a.ts', "import type { Client } from 'pg'\n"],
  ['undeclared-dependency', 'packages/core/src/runtime/a.ts', "import type { ZodType } from 'zod'\n"],
  ['undeclared-dependency', 'packages/core/src/runtime/a.test.ts', "import 'left-pad'\n"],
] as const)('%s: %s with %s', ([rule, file, text]) => {
  const tree = {
    'packages/core/src/index.ts': '',
    'packages/core/src/runtime/b.ts': 'export interface A {}\n',
    'packages/core/src/memory/b.ts': '',
    'packages/core/src/errors/b.ts': 'export interface B {}\n',
    'packages/kafka/package.json': { name: '@waybill/kafka', peerDependencies: { '@waybill/core': '*' } },
    'packages/saga/package.json': { name: '@waybill/saga', peerDependencies: { '@waybill/core': '*', '@waybill/kafka': '*', '@waybill/shop': '*' } },
    'examples/shop/package.json': { name: '@waybill/shop' },
    'examples/shop/src/main.ts': '',
  }
  expect(violations({ ...tree, [file]: `\n${text}` })).toContain(`${rule} ${file}:2`)
})

test('leaves the order of core to what ships', () => {
  const files = {
    'packages/core/src/errors/a.test.ts': "import '../runtime/b.js'\nimport 'zod'\n",
    'packages/core/src/runtime/b.ts': "import '../errors/c.js'\n",
    'packages/core/src/errors/c.ts': '',
  }
  expect(violations(files)).toEqual([])
})

test('refuses two folders of one row that import each other', () => {
  const files = {
    'packages/core/src/incoming/a.ts': "import '../invocation/b.js'\n",
    'packages/core/src/invocation/b.ts': '',
    'packages/core/src/invocation/c.ts': "import '../incoming/d.js'\n",
    'packages/core/src/incoming/d.ts': '',
  }
  expect(violations(files)).toEqual(['core-layers packages/core/src/invocation/c.ts:1'])
})

test('tells a circle of code from one of types, and tells each once', () => {
  const files = {
    'packages/core/src/wire/a.ts': "import { b } from './b.js'\n",
    'packages/core/src/wire/b.ts': "import { a } from './a.js'\n",
    'packages/core/src/wire/c.ts': "import type { D } from './d.js'\n",
    'packages/core/src/wire/d.ts': "import { type C } from './c.js'\n",
  }
  expect(violations(files)).toEqual(['no-cycle packages/core/src/wire/a.ts:1', 'no-type-cycle packages/core/src/wire/c.ts:1'])
})

test('refuses a package that the build does not know', () => {
  const files = { 'packages/core/tsconfig.json': '{}', 'tools/package.json': { name: '@waybill/tools' }, 'tools/tsconfig.json': '{}' }
  expect(violations({ ...files, 'tsconfig.json': '{ "files": [], "references": [{ "path": "./packages/core" }] }' })).toEqual([
    'package-not-built tsconfig.json:1',
  ])
})

const declared = {
  'packages/one/package.json': { name: '@waybill/one', exports: { '.': { types: './dist/index.d.ts' } } },
  'packages/one/dist/index.d.ts': "export { handle } from './handle.js'\nexport type { Options as HandleOptions } from './handle.js'\n",
  'packages/one/dist/handle.d.ts':
    "import type { Reply } from './reply.js'\nexport declare const handle: (message: unknown) => Reply\nexport interface Options { readonly retry: number }\nexport declare const internal: (value: any) => void\n",
  'packages/one/dist/reply.d.ts': 'export interface Reply {\n  readonly body: any\n}\n',
}
const anys = (files: Readonly<Record<string, string | object>>): readonly string[] => {
  using tree = plantedTree(files)
  return checkPublicAny(tree.root).map(({ file, line, text }) => `${file}:${line} ${text}`)
}

test('finds an any in what an exported name leads to, and leaves what is not public alone', () => {
  expect(anys(declared)).toEqual([expect.stringMatching(/^packages\/one\/dist\/reply\.d\.ts:2 Reply has any in its public type: "readonly body: any"/)])
})

test('lets a pinned any pass, and refuses an entry without its any', () => {
  const pin = (name: string) => ({ 'tools/allowed-any.json': [{ package: '@waybill/one', name, because: 'variance' }] })
  expect(anys({ ...declared, ...pin('Reply') })).toEqual([])
  expect(anys({ ...declared, ...pin('Options') })).toEqual([
    expect.stringContaining('Reply has any'),
    'tools/allowed-any.json:1 Options of @waybill/one has no any. Remove the entry',
  ])
})
