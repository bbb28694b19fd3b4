import type { Scenario } from '../scenario.js'
import { deadLetterContent } from './content.js'

/** DQ: dead letters. */
export const deadLetters: readonly Scenario[] = [deadLetterContent]
