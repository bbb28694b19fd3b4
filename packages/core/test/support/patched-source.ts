import { registerHooks } from 'node:module'

/** A bug that is planted into a source while it is loaded: the file itself stays as it is. */
export interface SourcePatch {
  /** The whole end of the file's path: `/core/src/recovery/decide.ts`. */
  readonly file: string
  /** Must be there exactly once. */
  readonly find: string
  readonly replace: string
}

/** Lets this thread import TypeScript sources as they are, with the patches in them. What was imported before is not changed. Returns what tells whether each patch was met. */
export function patchSources(patches: readonly SourcePatch[]): { readonly unmet: () => readonly SourcePatch[] } {
  const met = new Set<SourcePatch>()
  registerHooks({
    // Specifiers name what the compiler writes.
    resolve: (specifier, context, nextResolve) =>
      specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts') === true
        ? nextResolve(`${specifier.slice(0, -'js'.length)}ts`, context)
        : nextResolve(specifier, context),
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      const own = patches.filter(({ file }) => url.endsWith(file))
      if (own.length === 0) return loaded
      let source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString()
      for (const patch of own) {
        source = patched(source, patch)
        met.add(patch)
      }
      return { ...loaded, source }
    },
  })
  return { unmet: () => patches.filter((patch) => !met.has(patch)) }
}

function patched(source: string, { file, find, replace }: SourcePatch): string {
  const [before = '', after, ...more] = source.split(find)
  if (after === undefined || more.length > 0)
    throw new Error(`${file} has ${after === undefined ? 'no' : more.length + 1} ${JSON.stringify(find)}: a patch is for exactly one place. Write it anew`)
  return before + replace + after
}
