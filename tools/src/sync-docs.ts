import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { synced } from './check-docs/code-blocks.ts'
import { readPages } from './check-docs/page.ts'
import { repository } from './workspace.ts'

// `pnpm docs:sync`: writes into every page what the files say that its code blocks come from.
const stale = readPages(repository).flatMap((page) => {
  const text = synced(repository, page)
  return text === page.lines.join('\n') ? [] : [{ path: page.path, text }]
})
for (const { path, text } of stale) writeFileSync(join(repository, path), text)
console.log(stale.length === 0 ? 'Every code block is what its file says' : `Written: ${stale.map(({ path }) => path).join(', ')}`)
