import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript6'
import { packagesOf, within, type Package } from '../workspace.ts'

export interface PublicExport {
  /** What a user writes after `from`: `@waybill/core/contract`. */
  readonly entry: string
  readonly name: string
  readonly kind: 'class' | 'function' | 'interface' | 'type' | 'const'
  /** Its doc comment, without tags. */
  readonly doc: string
  readonly file: string
}

/** What every public package exports, read from the sources of its entry points. */
export const publicExports = (root: string): readonly PublicExport[] =>
  packagesOf(root)
    .filter(({ folder, manifest }) => folder.startsWith('packages/') && manifest.private !== true)
    .flatMap((owner) => exportsOf(root, owner))

function exportsOf(root: string, owner: Package): readonly PublicExport[] {
  const entries = entriesOf(owner)
  const program = ts.createProgram([...entries.values()], { noLib: true, types: [], module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ESNext }, host())
  const checker = program.getTypeChecker()
  return [...entries].flatMap(([entry, file]) => {
    const source = program.getSourceFile(file)
    const module = source && checker.getSymbolAtLocation(source)
    if (module === undefined) return []
    return checker
      .getExportsOfModule(module)
      .map((symbol) => describe(root, entry, symbol, checker))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  })
}

function entriesOf({ path, manifest }: Package): ReadonlyMap<string, string> {
  const conditions = Object.entries(manifest.exports ?? {}) as readonly [string, string | { readonly '@waybill/source'?: string }][]
  const sources = conditions.flatMap(([subpath, entry]): readonly (readonly [string, string])[] => {
    const source = typeof entry === 'object' ? entry['@waybill/source'] : undefined
    return source === undefined ? [] : [[manifest.name + subpath.slice(1), join(path, source)]]
  })
  return new Map(sources)
}

function describe(root: string, entry: string, symbol: ts.Symbol, checker: ts.TypeChecker): PublicExport {
  const origin = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const file = origin.declarations?.[0]?.getSourceFile().fileName
  const doc = plain(ts.displayPartsToString(origin.getDocumentationComment(checker)))
  return { entry, name: symbol.name, kind: kindOf(origin), doc, file: file === undefined ? '' : within(root, file) }
}

const plain = (doc: string): string => doc.replaceAll(/\{@link\s+([^}|\s]+)[^}]*\}/g, '`$1`').trim()

function kindOf({ flags }: ts.Symbol): PublicExport['kind'] {
  if (flags & ts.SymbolFlags.Class) return 'class'
  if (flags & ts.SymbolFlags.Function) return 'function'
  if (flags & ts.SymbolFlags.Variable) return 'const'
  if (flags & ts.SymbolFlags.Interface) return 'interface'
  return 'type'
}

/** Names and comments need neither the library's types nor those of other packages: reading them would take seconds. */
function host(): ts.CompilerHost {
  return {
    ...ts.createCompilerHost({}),
    resolveModuleNameLiterals: (literals, containing) =>
      literals.map(({ text }) => {
        const file = join(containing, '..', text.replace(/\.js$/, '.ts'))
        return { resolvedModule: text.startsWith('.') && existsSync(file) ? { resolvedFileName: file, extension: ts.Extension.Ts } : undefined }
      }),
  }
}
