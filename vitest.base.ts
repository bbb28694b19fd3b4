import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration, UserWorkspaceConfig, ViteUserConfigFnObject } from 'vitest/config'

/** What every package's vitest project shares: sources instead of `dist`. */
export const base = {
  resolve: { conditions: ['@waybill/source'] },
  ssr: { resolve: { conditions: ['@waybill/source'] } },
} satisfies UserWorkspaceConfig

export const unitTests = ['src/**/*.test.ts', 'test/**/*.test.ts']
export const processTests = ['test/**/*.process.test.ts']

export interface TestOptions {
  /** Files that belong to a project of the package's own. */
  readonly unitExclude?: readonly string[]
  /** Projects of the package's own; they run with the unit tests. */
  readonly projects?: readonly TestProjectInlineConfiguration[]
}

/**
 * The vitest configuration of a package. `vitest run --mode unit` runs the project `unit` and the package's own,
 * `--mode process` the tests that touch another process, plain `vitest` all of them.
 * The two modes write `reports/<mode>.json` and what errors they saw to `reports/<mode>-errors/`.
 */
export function testConfig({ unitExclude = [], projects = [] }: TestOptions = {}): ViteUserConfigFnObject {
  return ({ mode }) => ({
    ...base,
    test: {
      // Its key does not hold the tsconfig, whose decorator options decide what a transform yields.
      fsModuleCache: false,
      // A loaded machine is no failure: what a test waits for is awaited, and this ends what never comes.
      testTimeout: 30_000,
      setupFiles: [recorder],
      ...(mode === 'test' ? {} : { env: { WAYBILL_SEEN_ERRORS: `reports/${mode}-errors` } }),
      // A file that no project runs is found by the count, which looks at the disk.
      passWithNoTests: true,
      reporters: mode === 'test' ? ['default'] : ['default', ['json', { outputFile: `reports/${mode}.json` }]],
      projects: projectsOf(mode, [unit(unitExclude), ...projects], process),
    },
  })
}

// Records each WAYBILL_ code that is seen, for `pnpm check:errors`. It runs in the projects of a package too: they extend.
const recorder = fileURLToPath(new URL('./tools/vitest/record-errors.ts', import.meta.url))

const unit = (exclude: readonly string[]): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name: 'unit', include: unitTests, exclude: ['**/node_modules/**', ...processTests, ...exclude] },
})

const process: TestProjectInlineConfiguration = {
  extends: true,
  // One file at a time: they share the machine's ports and processors.
  test: { name: 'process', include: processTests, fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000 },
}

function projectsOf(
  mode: string,
  unitProjects: TestProjectInlineConfiguration[],
  processProject: TestProjectInlineConfiguration,
): TestProjectInlineConfiguration[] {
  if (mode === 'unit') return unitProjects
  if (mode === 'process') return [processProject]
  return [...unitProjects, processProject]
}
