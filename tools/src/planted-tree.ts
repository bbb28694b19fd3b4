import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface PlantedTree {
  readonly root: string
  [Symbol.dispose](): void
}

/** A folder with these files. */
export function plantedTree(files: Readonly<Record<string, string | object | undefined>>): PlantedTree {
  const root = mkdtempSync(join(tmpdir(), 'kleiner bäum '))
  for (const [file, content] of Object.entries({ 'pnpm-workspace.yaml': 'packages: [packages/*, examples/*, tools]\n', ...files })) {
    if (content === undefined) continue
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}
