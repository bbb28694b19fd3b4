import type { Flag } from '../harness/flags.js'
import type { FaultKind } from '../lab/lab-faults.js'
import type { Lab } from '../lab/lab.js'

/** The groups of behaviour. */
export type Group = 'DS' | 'CC' | 'PS' | 'RR' | 'RD' | 'DL' | 'DQ' | 'PM' | 'OR' | 'PL' | 'CP' | 'GS' | 'FT' | 'DU' | 'TP' | 'CN' | 'SE' | 'CAP' | 'WA' | 'WB'

/** One behaviour that every transport has, or says that it has not. Written once, for virtual and for real time. */
export interface Scenario {
  /** `DS-01`: the group, and a number in it. */
  readonly id: string
  /** The behaviour as a sentence. */
  readonly title: string
  readonly group: Group
  /** T1: on every change; T2: nightly; F: where processes and networks can be broken. */
  readonly tier: 'T1' | 'T2' | 'F'
  /** Skipped where one is missing. @default nothing */
  readonly needs?: readonly Flag[]
  /** Less than so many deliveries to handlers fail it: then it has not shown what it says. */
  readonly deliveries: number
  /** Each must have happened, by evidence. @default none */
  readonly faults?: readonly FaultKind[]
  /** Invariants that this scenario breaks on purpose, each with the reason. */
  readonly exempt?: Readonly<Record<string, string>>
  run(lab: Lab): Promise<void>
}
