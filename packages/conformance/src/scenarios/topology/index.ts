import type { Scenario } from '../scenario.js'
import { differs } from './differs.js'
import { limitedLife } from './limited-life.js'
import { checkMode, everyPath, leftAlone, names, noneMode, plan, tenAtOnce, twice, usedAtOnce } from './provision.js'
import { removed } from './remove.js'

/** TP: topology and provisioning. */
export const topology: readonly Scenario[] = [
  twice,
  tenAtOnce,
  differs,
  checkMode,
  noneMode,
  names,
  leftAlone,
  plan,
  everyPath,
  usedAtOnce,
  removed,
  limitedLife,
]
