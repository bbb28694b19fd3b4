import type { Group } from '../candidate.js'
import { containerGroup } from './container-group.js'
import { growthGroup } from './growth-group.js'
import { memoryGroup } from './memory-group.js'
import { pipelineGroup } from './pipeline-group.js'

export interface SuiteOptions {
  readonly seed: number
  readonly quick: boolean
}

/** What a message costs inside of one process. One group after the other, the most sensitive first: what many buses leave behind in the compiler would slow it down. */
export const coreSuite = ({ seed, quick }: SuiteOptions): readonly (() => Promise<Group>)[] => [
  pipelineGroup,
  memoryGroup,
  containerGroup,
  () => growthGroup(seed, { types: quick ? 100 : 10_000 }),
]
