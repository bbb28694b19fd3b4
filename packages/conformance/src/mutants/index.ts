import { confirmingMutants } from './confirming-mutants.js'
import { contentMutants } from './content-mutants.js'
import { coreMutants } from './core-mutants.js'
import type { Mutant, TransportMutant } from './mutant.js'
import { receivingMutants } from './receiving-mutants.js'
import { sendingMutants } from './sending-mutants.js'

export type { CoreMutant, Mutant, SourcePatch, TransportMutant } from './mutant.js'

/** Faults in a transport, around any transport. */
export const transportMutants: readonly TransportMutant[] = [...sendingMutants, ...confirmingMutants, ...contentMutants, ...receivingMutants]

/** Every planted fault. */
export const mutants: readonly Mutant[] = [...transportMutants, ...coreMutants]
