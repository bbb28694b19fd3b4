import type { Scenario } from '../scenario.js'
import { hostileText } from './hostile-text.js'
import { depthBomb, numbers, oversized, prototypePollution, wrongContentType } from './bodies.js'
import { forgedSteering, headerNames, hostileAllTheWay, lineBreaks, logInjection, manyTypes, typeNames } from './names-and-logs.js'

/** SE: hostile input. */
export const security: readonly Scenario[] = [
  prototypePollution,
  headerNames,
  hostileAllTheWay,
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
