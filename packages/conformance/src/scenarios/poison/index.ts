import type { Scenario } from '../scenario.js'
import { malformedOnes } from './malformed.js'
import { amongMany, brokenCodec, oddCodec, crashPoison, newerVersion, renamedHandler, settlementOfPoison, unknownHandler, unknownType } from './unknown.js'

/** PM: poison and malformed messages. */
export const poison: readonly Scenario[] = [
  ...malformedOnes,
  unknownType,
  brokenCodec,
  newerVersion,
  oddCodec,
  amongMany,
  settlementOfPoison,
  crashPoison,
  unknownHandler,
  renamedHandler,
]
