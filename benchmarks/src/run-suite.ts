import type { Group } from './candidate.js'
import { measure, type Pace } from './measure.js'
import { rowsOf, type Row } from './row.js'
import { sabotaged } from './sabotage.js'

export interface RunOptions {
  readonly pace: Pace
  /** The name of a candidate that is made to handle fewer. */
  readonly sabotage: string | undefined
  /** Called with the rows of each group as they come. */
  readonly show: (rows: readonly Row[]) => void
}

/** Runs group after group. Rejects when no candidate has the name that is to be sabotaged. */
export async function runSuite(groups: readonly (() => Promise<Group>)[], { pace, sabotage, show }: RunOptions): Promise<readonly Row[]> {
  const all: Row[] = []
  for (const open of groups) {
    const group = await open()
    try {
      const rows = rowsOf(
        await measure(
          group.candidates.map((candidate) => (candidate.name === sabotage ? sabotaged(candidate) : candidate)),
          pace,
        ),
      )
      show(rows)
      all.push(...rows)
    } finally {
      await group.close()
    }
  }
  if (sabotage !== undefined && !all.some(({ name }) => name === sabotage)) {
    throw new Error(`--sabotage ${JSON.stringify(sabotage)} names no candidate. There are: ${all.map(({ name }) => name).join(' · ')}`)
  }
  return all
}
