import type { Scenario } from '../scenario.js'
import { deadLetterContent } from './content.js'
import { expiredWithAllowance } from './expired.js'
import { browse, crashBefore, crashBetween, deadLettersRefused, expiredOnes, nothingUnsettled, perHandler } from './paths.js'

/** DQ: dead letters. */
export const deadLetters: readonly Scenario[] = [
  deadLetterContent,
  crashBetween,
  deadLettersRefused,
  nothingUnsettled,
  perHandler,
  browse,
  expiredOnes,
  crashBefore,
  expiredWithAllowance,
]
