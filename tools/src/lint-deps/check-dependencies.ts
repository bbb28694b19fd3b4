import { checkCoreLayers } from './core-layers.ts'
import { checkCycles } from './cycles.ts'
import { readImportGraph } from './import-graph.ts'
import { checkPackages } from './package-rules.ts'
import { checkReferences } from './project-references.ts'
import type { Violation } from './violation.ts'

export interface CheckedDependencies {
  readonly files: number
  readonly imports: number
  readonly violations: readonly Violation[]
}

/** Every rule about who may import whom, on the tree at `root`. */
export function checkDependencies(root: string): CheckedDependencies {
  const graph = readImportGraph(root)
  return {
    files: graph.files.length,
    imports: graph.imports.length,
    violations: [...checkPackages(graph), ...checkCoreLayers(graph), ...checkCycles(graph), ...checkReferences(root)],
  }
}
