import type { Import, ImportGraph } from './import-graph.ts'
import { violates, type Violation } from './violation.ts'

/** The folders of core, from what is built on all others down to what everything is built on. A folder imports its own row and the rows below. */
const layers: readonly (readonly string[])[] = [
  ['bus'],
  ['pipeline', 'requirements'],
  ['incoming', 'invocation', 'outgoing', 'requests'],
  ['handlers'],
  ['serialization', 'recovery', 'runtime', 'context', 'schedule'],
  ['messages', 'wire', 'errors', 'logging'],
  ['contract'],
]

/** Folders that stand beside the order, and what they may import. */
const apart: Readonly<Record<string, readonly string[]>> = { memory: ['contract', 'wire'] }

/** Which folder of core may know which. Tests are free to look anywhere. */
export function checkCoreLayers({ imports }: ImportGraph): readonly Violation[] {
  const between = imports.flatMap(folders)
  return [...between.flatMap(checkContract), ...imports.flatMap(contractOutward), ...between.flatMap(checkOrder), ...checkPairs(between)]
}

interface Crossing {
  readonly found: Import
  readonly from: string
  readonly to: string
}

function folders(found: Import): readonly Crossing[] {
  const { from, target } = found
  if (target.kind !== 'file' || !from.shipped || from.package.manifest.name !== '@waybill/core' || target.file.package !== from.package) return []
  const [source, destination] = [folderOf(from.inPackage), folderOf(target.file.inPackage)]
  return source === destination || source === undefined ? [] : [{ found, from: source, to: destination ?? 'index.ts' }]
}

/** `undefined` for `src/index.ts`, which exports from everywhere. */
const folderOf = (inPackage: string): string | undefined => /^src\/([^/]+)\//.exec(inPackage)?.[1]

const contractImportsNothing = 'contract-imports-nothing'

function checkContract({ found, from, to }: Crossing): readonly Violation[] {
  return from === 'contract'
    ? [violates(contractImportsNothing, found, `The contract imports ${to}. It imports nothing, types included: state what it needs in the contract itself`)]
    : []
}

function contractOutward(found: Import): readonly Violation[] {
  const { from, target } = found
  const inContract = from.shipped && from.package.manifest.name === '@waybill/core' && folderOf(from.inPackage) === 'contract'
  return inContract && target.kind !== 'file'
    ? [violates(contractImportsNothing, found, `The contract imports ${found.specifier}. It imports nothing, so that every transport can`)]
    : []
}

function checkOrder({ found, from, to }: Crossing): readonly Violation[] {
  if (from === 'contract') return []
  const alone = apart[from]
  // A transport's own rule says it already.
  if (alone !== undefined) return []
  const [own, other] = [rank(from), rank(to)]
  if (own === -1) return [violates('core-layers', found, `The folder ${from} stands in no row of tools/src/lint-deps/core-layers.ts. Give it one`)]
  if (to in apart) return from === 'bus' ? [] : [violates('core-layers', found, `${from} imports ${to}. Only bus knows the transport that comes with core`)]
  return own <= other ? [] : [violates('core-layers', found, `${from} imports ${to}, which is built on it. Hand it in, or move what both need down`)]
}

/** Two folders of one row may not need each other. */
function checkPairs(between: readonly Crossing[]): readonly Violation[] {
  const sameRow = between.filter(({ from, to }) => from !== 'contract' && rank(from) !== -1 && rank(from) === rank(to))
  return sameRow
    .filter(({ from, to }) => from > to && sameRow.some((back) => back.from === to && back.to === from))
    .map(({ found, from, to }) => violates('core-layers', found, `${from} and ${to} import each other. Decide which one is built on the other`))
}

const rank = (folder: string): number => layers.findIndex((layer) => layer.includes(folder))
