import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { apiPage, apiPagePath } from './check-docs/api-page.ts'
import { publicExports } from './check-docs/public-exports.ts'
import { repository } from './workspace.ts'

// `pnpm docs:api`: lists every public name in docs/reference/api.md.
const exports = publicExports(repository)
const file = join(repository, apiPagePath)
mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, apiPage(exports))
console.log(`${apiPagePath}: ${exports.length} exports`)
