import type { Scenario } from '../scenario.js'
import {
  depthBomb,
  forgedSteering,
  headerNames,
  lineBreaks,
  logInjection,
  manyTypes,
  numbers,
  oversized,
  prototypePollution,
  typeNames,
  wrongContentType,
} from './inputs.js'

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
  manyTypes,
  numbers,
]
