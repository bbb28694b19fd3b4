import { checkPackages } from './check-packages/check-packages.ts'
import { mistakes, sound } from './check-packages/mistakes.ts'
import { runCheck } from './checked.ts'
import { buildSources } from './build-sources.ts'
import { repository } from './workspace.ts'

// `pnpm check:packages [--selftest] [--json FILE]`: what is published, as its users get it.
if (!process.argv.includes('--selftest')) buildSources(repository)
runCheck({ command: 'check:packages', check: checkPackages, sound, mistakes })
