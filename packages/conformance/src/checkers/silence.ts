import type { Checker, Violation } from './checker.js'
import { replay } from './replay.js'

const id = 'I15'

/** No rejection that nobody catches, and no warning that the scenario has not announced. */
export const silence: Checker = {
  id,
  title: 'no unhandled rejection, and no unexpected warning',
  check(history) {
    const violations: Violation[] = []
    replay(history, {
      unhandled: ({ text, seq }) => void violations.push({ checker: id, text: `unhandled: ${text}`, seq }),
      logged: ({ level, text, expected, seq }) => {
        if (!expected && (level === 'warn' || level === 'error')) violations.push({ checker: id, text: `logged ${level}: ${text}`, seq })
      },
    })
    return violations
  },
}
