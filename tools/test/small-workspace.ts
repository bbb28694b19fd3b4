import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { repository } from '../src/workspace.ts'

export interface SmallWorkspace {
  readonly root: string
  write(files: Readonly<Record<string, string>>): void
  [Symbol.dispose](): void
}

/** A workspace of one package in a folder whose name needs care, with this repository's test configuration, tools and installed packages. */
export function smallWorkspace(files: Readonly<Record<string, string>> = {}): SmallWorkspace {
  const root = mkdtempSync(join(tmpdir(), 'kleine prüfung '))
  const write = (more: Readonly<Record<string, string>>): void => {
    for (const [file, text] of Object.entries(more)) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
  }
  write({ ...skeleton, ...files })
  for (const file of ['vitest.base.ts', 'turbo.json', 'tsconfig.base.json', '.oxlintrc.json']) cpSync(join(repository, file), join(root, file))
  cpSync(join(repository, 'tools/vitest'), join(root, 'tools/vitest'), { recursive: true })
  // Each by itself: a pnpm that runs in here would tidy up a linked node_modules as if it were its own.
  mkdirSync(join(root, 'node_modules'))
  for (const name of ['vitest', 'typescript', 'zod']) symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name))
  return { root, write, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}

const json = (value: unknown): string => JSON.stringify(value, null, 2)

const skeleton = {
  '.gitignore': 'node_modules\nreports/\n.turbo/\n',
  'package.json': json({ name: 'small', private: true, type: 'module', packageManager: 'pnpm@12.21.0' }),
  'pnpm-workspace.yaml': 'packages: [packages/*]\npmOnFail: ignore\nverifyDepsBeforeRun: false\n',
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\nimporters:\n  .: {}\n  packages/one: {}\n",
  'tsconfig.json': json({ files: [], references: [{ path: 'packages/one' }] }),
  'packages/one/package.json': json({
    name: '@small/one',
    version: '1.0.0',
    private: true,
    type: 'module',
    scripts: { test: 'vitest run --mode unit', 'test:process': 'vitest run --mode process' },
  }),
  'packages/one/tsconfig.json': json({
    extends: '../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo', types: [] },
    include: ['src'],
    exclude: ['src/**/*.test.ts'],
  }),
  'packages/one/src/index.ts': '/** Adds two numbers. */\nexport const add = (a: number, b: number): number => a + b\n',
  'packages/one/vitest.config.ts': "import { testConfig } from '../../vitest.base.ts'\n\nexport default testConfig()\n",
  'packages/one/src/adds.test.ts': "import { expect, test } from 'vitest'\nimport { add } from './index.js'\n\ntest('adds', () => expect(add(1, 1)).toBe(2))\n",
  'packages/one/test/node.process.test.ts':
    "import { execFileSync } from 'node:child_process'\nimport { expect, test } from 'vitest'\n\ntest('runs on the pinned Node', () => expect(String(execFileSync('node', ['--version']))).toMatch(/^v24\\./))\n",
}
