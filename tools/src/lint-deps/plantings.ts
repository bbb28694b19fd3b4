/** One mistake, and the rule that must see it. */
export interface Planting {
  readonly title: string
  readonly by: 'dependencies' | 'oxlint' | 'public types'
  readonly rule: string
  /** What is written: new files by their path, or text that goes on at the end of an existing one. The first is where the rule must point. */
  readonly files: readonly (readonly [path: string, text: string])[]
}

const core = 'packages/core/src'
const lint = (title: string, rule: string, text: string): Planting => ({ title, by: 'oxlint', rule, files: [[`${core}/runtime/planted.ts`, text]] })

const work = 'declare function work(): Promise<number>\n'

export const plantings: readonly Planting[] = [
  {
    title: 'core → broker client',
    by: 'dependencies',
    rule: 'core-knows-no-broker',
    files: [[`${core}/runtime/planted.ts`, "import { connect } from 'amqplib'\nexport const planted = connect\n"]],
  },
  {
    title: "transport → core's runtime",
    by: 'dependencies',
    rule: 'transport-knows-the-contract',
    files: [[`${core}/memory/planted.ts`, "import { systemClock } from '../runtime/clock.js'\nexport const planted = systemClock\n"]],
  },
  {
    title: 'contract → anything by import type',
    by: 'dependencies',
    rule: 'contract-imports-nothing',
    files: [[`${core}/contract/planted.ts`, "import type { WaybillError } from '../errors/waybill-error.js'\nexport type Planted = WaybillError\n"]],
  },
  {
    title: 'package → example',
    by: 'dependencies',
    rule: 'nothing-imports-applications',
    files: [
      [`${core}/runtime/planted.ts`, "import { shop } from '@waybill/planted-example'\nexport const planted = shop\n"],
      ['examples/planted/package.json', '{ "name": "@waybill/planted-example", "private": true }\n'],
    ],
  },
  {
    title: "deep import of another package's src",
    by: 'dependencies',
    rule: 'no-deep-import',
    files: [
      ['packages/planted/src/index.ts', "import { quote } from '@waybill/core/src/errors/quote.js'\nexport const planted = quote\n"],
      ['packages/planted/package.json', '{ "name": "@waybill/planted", "peerDependencies": { "@waybill/core": "*" } }\n'],
    ],
  },
  {
    title: 'a cycle of three files',
    by: 'dependencies',
    rule: 'no-cycle',
    files: [
      [`${core}/runtime/planted-a.ts`, "import { b } from './planted-b.js'\nexport const a = (): number => b()\n"],
      [`${core}/runtime/planted-b.ts`, "import { c } from './planted-c.js'\nexport const b = (): number => c()\n"],
      [`${core}/runtime/planted-c.ts`, "import { a } from './planted-a.js'\nexport const c = (): number => a()\n"],
    ],
  },
  {
    title: 'a type-only cycle',
    by: 'dependencies',
    rule: 'no-type-cycle',
    files: [
      [`${core}/runtime/planted-a.ts`, "import type { B } from './planted-b.js'\nexport interface A { readonly b: B }\n"],
      [`${core}/runtime/planted-b.ts`, "import type { A } from './planted-a.js'\nexport interface B { readonly a: A }\n"],
    ],
  },
  {
    title: 'an undeclared dependency',
    by: 'dependencies',
    rule: 'undeclared-dependency',
    files: [[`${core}/runtime/planted.ts`, "import { transform } from 'esbuild'\nexport const planted = transform\n"]],
  },
  lint('a floating promise', 'typescript(no-floating-promises)', `${work}export function planted(): void {\n  work()\n}\n`),
  lint('a misused promise', 'typescript(no-misused-promises)', `${work}export function planted(): string {\n  return work() ? 'yes' : 'no'\n}\n`),
  lint(
    'a switch that leaves a case out',
    'typescript(switch-exhaustiveness-check)',
    "export function planted(kind: 'command' | 'query'): string {\n  switch (kind) {\n    case 'command':\n      return 'c'\n  }\n  return ''\n}\n",
  ),
  lint(
    'a promise returned in try without await',
    'typescript(return-await)',
    `${work}export async function planted(): Promise<number> {\n  try {\n    return work()\n  } catch {\n    return 0\n  }\n}\n`,
  ),
  lint('a thrown literal', 'typescript(only-throw-error)', "export function planted(): never {\n  throw 'no'\n}\n"),
  {
    title: 'any in a public type',
    by: 'public types',
    rule: 'no-any-in-public-types',
    files: [
      [`${core}/wire/planted.ts`, 'export const planted = (text: string) => JSON.parse(text)\n'],
      [`${core}/wire/index.ts`, "export { planted } from './planted.js'\n"],
    ],
  },
]
