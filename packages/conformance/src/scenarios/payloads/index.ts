import type { Scenario } from '../scenario.js'
import { batchSum, binary, contentTypes, jsonCorners, sizes, tooLarge, unicode } from './bodies.js'
import { headerCase, headerCounts, headerTypes, reservedNames, unicodeHeaders } from './headers.js'

/** PL: bodies and headers. */
export const payloads: readonly Scenario[] = [
  sizes,
  tooLarge,
  batchSum,
  binary,
  unicode,
  unicodeHeaders,
  headerCounts,
  headerTypes,
  headerCase,
  reservedNames,
  jsonCorners,
  contentTypes,
]
