import { parseArgs } from 'node:util'
import { checkDependencies } from './lint-deps/check-dependencies.ts'
import { checkPublicAny } from './lint-deps/public-any.ts'
import { selftest } from './lint-deps/selftest.ts'
import { printed } from './lint-deps/violation.ts'
import { buildSources } from './build-sources.ts'
import { conclude } from './proof.ts'
import { repository } from './workspace.ts'

// `pnpm lint:deps [--selftest] [--json FILE]`: who may import whom, circles, undeclared dependencies, `any` in public types.
const { values } = parseArgs({ options: { json: { type: 'string' }, selftest: { type: 'boolean', default: false } } })

if (values.selftest) {
  const { planted, caught } = selftest(repository)
  conclude('lint:deps --selftest', { passed: caught, failed: planted - caught, skipped: 0 }, values.json)
  console.log(`${planted} planted, ${caught} caught`)
} else {
  const built = buildSources(repository)
  const { files, imports, violations: misplaced } = checkDependencies(repository)
  const violations = [...misplaced, ...checkPublicAny(repository)]
  for (const violation of violations) console.error(printed(violation))
  if (!built) console.error('The build failed: what it could not emit was not looked at')
  conclude('lint:deps', { passed: violations.length === 0 && built ? 1 : 0, failed: violations.length + (built ? 0 : 1), skipped: 0 }, values.json)
  console.log(`${files} files, ${imports} imports, ${violations.length} violations`)
}
