import type { Sabotage } from '../sabotage/sabotage.js'

/** A place of a source that is written otherwise while it is loaded. */
export interface SourcePatch {
  /** The whole end of the file's path: `/core/src/incoming/dispatch.ts`. */
  readonly file: string
  /** Must be there exactly once. */
  readonly find: string
  readonly replace: string
}

interface Common {
  readonly name: string
  /** What it does wrong. */
  readonly title: string
  /** The id of the scenario that must fail on it. */
  readonly scenario: string
}

/** A fault in a transport, around any transport. */
export type TransportMutant = Common & Sabotage & { readonly kind: 'transport' }
/** A fault in core's own sources. */
export type CoreMutant = Common & { readonly kind: 'core'; readonly patches: readonly SourcePatch[] }

/** A bug as somebody might write it. The suite is worth as much as it finds of them. */
export type Mutant = TransportMutant | CoreMutant
