import { checkDocs } from './check-docs/check-docs.ts'
import { mistakes, sound } from './check-docs/mistakes.ts'
import { runCheck } from './checked.ts'

// `pnpm check:docs [--selftest] [--json FILE]`
runCheck({ command: 'check:docs', check: checkDocs, sound, mistakes })
