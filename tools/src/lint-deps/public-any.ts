import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript6'
import { packagesOf, within, type Package } from '../workspace.ts'
import type { Violation } from './violation.ts'

/** Where a type parameter's variance leaves no other word than `any`. */
interface AllowedAny {
  readonly package: string
  readonly name: string
  readonly because: string
}

/** `any` in the emitted declarations of what a public package exports, and of what those declarations name. */
export function checkPublicAny(root: string): readonly Violation[] {
  const allowed = allowedAny(root)
  const used = new Set<AllowedAny>()
  const violations = packagesOf(root)
    .filter(({ manifest }) => manifest.private !== true)
    .flatMap((owner) => {
      const found = declarationsOf(owner).flatMap(({ name, node }) => anyIn(root, name, node))
      return found.filter(({ name }) => {
        const entry = allowed.find((candidate) => candidate.package === owner.manifest.name && candidate.name === name)
        if (entry !== undefined) used.add(entry)
        return entry === undefined
      })
    })
  const stale = allowed
    .filter((entry) => !used.has(entry))
    .map(({ package: owner, name }) => ({ rule, file: allowList, line: 1, text: `${name} of ${owner} has no any. Remove the entry` }))
  return [...violations.map(({ violation }) => violation), ...stale]
}

const rule = 'no-any-in-public-types'
const allowList = 'tools/allowed-any.json'

function allowedAny(root: string): readonly AllowedAny[] {
  const file = join(root, allowList)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as AllowedAny[]) : []
}

interface Declared {
  readonly name: string
  readonly node: ts.Declaration
}

/** The declarations behind the exported names of a package, with those of its own that they name. */
function declarationsOf(owner: Package): readonly Declared[] {
  const entries = entryTypes(owner)
  const program = ts.createProgram(entries, { noLib: true, types: [], module: ts.ModuleKind.NodeNext }, host(owner))
  const checker = program.getTypeChecker()
  const seen = new Set<ts.Declaration>()
  const declared: Declared[] = []
  const add = (symbol: ts.Symbol): void => {
    const origin = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    for (const node of origin.declarations ?? []) {
      if (seen.has(node) || !node.getSourceFile().fileName.startsWith(owner.path) || ts.isTypeParameterDeclaration(node)) continue
      seen.add(node)
      // A member is judged with its class or interface.
      if (isTopLevel(node)) declared.push({ name: origin.name, node })
      visit(node)
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const symbol = checker.getSymbolAtLocation(node)
      if (symbol !== undefined) add(symbol)
    }
    ts.forEachChild(node, visit)
  }
  for (const entry of entries) {
    const source = program.getSourceFile(entry)
    const module = source && checker.getSymbolAtLocation(source)
    for (const symbol of module ? checker.getExportsOfModule(module) : []) add(symbol)
  }
  return declared
}

function isTopLevel(node: ts.Node): boolean {
  return ts.isSourceFile(node.parent) || (ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent))
}

function entryTypes({ path, manifest }: Package): readonly string[] {
  const conditions = Object.values(manifest.exports ?? {}) as readonly (string | { readonly types?: string })[]
  return conditions
    .flatMap((entry) => (typeof entry === 'object' && entry.types !== undefined ? [join(path, entry.types)] : []))
    .filter((file) => existsSync(file))
}

/** Follows relative imports alone: what other packages declare is theirs, and reading it would take seconds. */
function host(owner: Package): ts.CompilerHost {
  const compilerHost = ts.createCompilerHost({})
  return {
    ...compilerHost,
    getCurrentDirectory: () => owner.path,
    resolveModuleNameLiterals: (literals, containing) =>
      literals.map(({ text }) => {
        const file = join(containing, '..', text.replace(/\.js$/, '.d.ts'))
        return { resolvedModule: text.startsWith('.') && existsSync(file) ? { resolvedFileName: file, extension: ts.Extension.Dts } : undefined }
      }),
  }
}

function anyIn(root: string, name: string, declaration: ts.Declaration): readonly { readonly name: string; readonly violation: Violation }[] {
  const source = declaration.getSourceFile()
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(declaration)
  const [first] = found
  if (first === undefined) return []
  const line = source.getLineAndCharacterOfPosition(first.getStart()).line + 1
  const text = `${name} has any in its public type: ${JSON.stringify(first.parent.getText().replaceAll(/\s+/g, ' ').slice(0, 80))}. Write unknown, or pin it in ${allowList} with the reason`
  return [{ name, violation: { rule, file: within(root, source.fileName), line, text } }]
}
