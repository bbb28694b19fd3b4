import type { Scenario } from '../scenario.js'
import { burnsNoRetry, headOfKey } from './order-and-retries.js'
import { malformedOnes } from './malformed.js'
import { newerVersion, renamedHandler, unknownHandler, unknownType } from './unknown.js'
import { amongMany, brokenCodec, oddCodec, crashPoison, settlementOfPoison } from './in-the-pipeline.js'

/** PM: poison and malformed messages. */
export const poison: readonly Scenario[] = [
  ...malformedOnes,
  unknownType,
  brokenCodec,
  newerVersion,
  oddCodec,
  amongMany,
  headOfKey,
  burnsNoRetry,
  settlementOfPoison,
  crashPoison,
  unknownHandler,
  renamedHandler,
]
