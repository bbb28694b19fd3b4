import { readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript6'
import { filesOf, packagesOf, type Package } from '../workspace.ts'

/** One import, as it stands in a file. */
export interface Import {
  readonly from: SourceFile
  readonly specifier: string
  readonly line: number
  readonly typeOnly: boolean
  readonly target: Target
}

export type Target =
  | { readonly kind: 'file'; readonly file: SourceFile }
  /** A relative path to what no package of the workspace holds. */
  | { readonly kind: 'outside' }
  /** `zod`, or `@waybill/core` with the subpath `contract`. */
  | { readonly kind: 'package'; readonly name: string; readonly subpath: string }
  | { readonly kind: 'builtin' }

export interface SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string
  /** Relative to its package. */
  readonly inPackage: string
  readonly package: Package
  /** A test, or what only tests and tools load: it never ships. */
  readonly shipped: boolean
}

export interface ImportGraph {
  readonly packages: readonly Package[]
  readonly files: readonly SourceFile[]
  readonly imports: readonly Import[]
}

/** Reads every import of every package below `root`: static, dynamic, re-exports and types. */
export function readImportGraph(root: string): ImportGraph {
  const packages = packagesOf(root)
  const files = packages.flatMap((owner) => sourceFilesOf(owner))
  const byPath = new Map(files.map((file) => [file.path, file]))
  const imports = files.flatMap((from) =>
    parseImports(join(root, from.path)).map((found) => ({ ...found, from, target: resolve(from, found.specifier, byPath) })),
  )
  return { packages, files, imports }
}

function sourceFilesOf(owner: Package): readonly SourceFile[] {
  // The cases of the type tests are wrong on purpose.
  return filesOf(owner.path, '**/*.{ts,mts,mjs,js}')
    .filter((inPackage) => !inPackage.startsWith('test-types/cases/'))
    .map((inPackage) => ({
      path: `${owner.folder}/${inPackage}`,
      inPackage,
      package: owner,
      shipped: inPackage.startsWith('src/') && !/\.test\.m?[tj]s$/.test(inPackage),
    }))
}

interface ParsedImport {
  readonly specifier: string
  readonly line: number
  readonly typeOnly: boolean
}

const parsed = new Map<string, { readonly text: string; readonly imports: readonly ParsedImport[] }>()

function parseImports(path: string): readonly ParsedImport[] {
  const text = readFileSync(path, 'utf8')
  const known = parsed.get(path)
  if (known?.text === text) return known.imports
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  const imports: ParsedImport[] = []
  const found = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return
    imports.push({ specifier: specifier.text, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, typeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) found(node, node.moduleSpecifier, isTypeOnly(node.importClause))
    else if (ts.isExportDeclaration(node)) found(node, node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node)) found(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) found(node, node.arguments[0], false)
    ts.forEachChild(node, visit)
  }
  visit(source)
  parsed.set(path, { text, imports })
  return imports
}

/** `import type { A }` and `import { type A }`: both vanish from what is emitted, as far as a cycle can tell. */
function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false
  if (clause.isTypeOnly) return true
  const names = clause.namedBindings
  return (
    clause.name === undefined &&
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.length > 0 &&
    names.elements.every((element) => element.isTypeOnly)
  )
}

function resolve(from: SourceFile, specifier: string, byPath: ReadonlyMap<string, SourceFile>): Target {
  if (specifier.startsWith('node:')) return { kind: 'builtin' }
  if (!specifier.startsWith('.')) return packageTarget(specifier)
  const path = posix.join(dirname(from.path), specifier)
  const file = [path, path.replace(/\.js$/, '.ts'), path.replace(/\.mjs$/, '.mts')]
    .map((candidate) => byPath.get(candidate))
    .find((candidate) => candidate !== undefined)
  if (file !== undefined) return { kind: 'file', file }
  return { kind: 'outside' }
}

function packageTarget(specifier: string): Target {
  const parts = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  return { kind: 'package', name: parts.slice(0, length).join('/'), subpath: parts.slice(length).join('/') }
}
