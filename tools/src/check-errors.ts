import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkErrors } from './check-errors/check-errors.ts'
import { mistakes, sound } from './check-errors/mistakes.ts'
import { runCheck } from './checked.ts'
import { runModes } from './count-tests.ts'
import { execute } from './execute.ts'
import { packagesOf, repository } from './workspace.ts'

// `pnpm check:errors [--selftest] [--json FILE]`: every code is written, documented and provoked. What the tests provoke is recorded when they run.
const hasRun = packagesOf(repository).some(({ path }) => runModes.some((mode) => existsSync(join(path, 'reports', `${mode}.json`))))
if (!hasRun && process.argv.length === 2) execute('node', ['tools/src/test.ts'], { cwd: repository })

runCheck({ command: 'check:errors', check: checkErrors, sound, mistakes })
