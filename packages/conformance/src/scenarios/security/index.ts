import type { Scenario } from '../scenario.js'
import { hostileText } from './hostile-text.js'
import { depthBomb, numbers, oversized, prototypePollution, wrongContentType } from './bodies.js'
import { forgedSteering, headerNames, lineBreaks, logInjection, manyTypes, typeNames } from './names-and-logs.js'

/** SE: hostile input. */
export const security: readonly Scenario[] = [
  prototypePollution,
  headerNames,
  typeNames,
  oversized,
  depthBomb,
  wrongContentType,
  lineBreaks,
  logInjection,
  forgedSteering,
  hostileText,
  manyTypes,
  numbers,
]
