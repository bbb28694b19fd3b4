import type { ScenarioResult } from './result.js'

/** A skip that is known. */
export interface AllowedSkip {
  readonly scenario: string
  readonly transport: string
  /** What is missing, as the run reports it. */
  readonly flag: string
  readonly reason: string
}

/** A skip that is not known fails, and so does a known one whose scenario passes. */
export function judgeSkips(result: ScenarioResult, transport: string, allowed: readonly AllowedSkip[]): ScenarioResult {
  const pinned = allowed.find((skip) => skip.scenario === result.id && skip.transport === transport)
  const fail = (check: string, expected: string, actual: string): ScenarioResult => ({
    ...result,
    status: 'failed',
    failures: [...result.failures, { check, kind: 'guard', expected, actual }],
  })
  switch (result.status) {
    case 'skipped':
      return pinned?.flag === result.flag
        ? result
        : fail('the skip is allowed', `a line in allowed-skips.json for ${result.id} on ${transport}`, `skipped by ${result.flag ?? 'nothing'}`)
    case 'passed':
      return pinned === undefined
        ? result
        : fail('the allowed skip is needed', 'a scenario that cannot pass', `it passes: remove ${result.id} on ${transport} from allowed-skips.json`)
    case 'failed':
      // A line of the list excuses what is missing, and never what goes wrong.
      return pinned === undefined
        ? result
        : fail(
            'the allowed skip is needed',
            `${pinned.flag} is missing`,
            `nothing that it needs is missing: remove ${result.id} on ${transport} from allowed-skips.json`,
          )
  }
}
