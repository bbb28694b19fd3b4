import { attempts } from './attempts.js'
import { boundedPromises } from './bounded-promises.js'
import type { Checker } from './checker.js'
import { concurrency } from './concurrency.js'
import { conservation } from './conservation.js'
import { convergence } from './convergence.js'
import { effectOnce } from './effect-once.js'
import { fidelity } from './fidelity.js'
import { isolation } from './isolation.js'
import { keyExclusion } from './key-exclusion.js'
import { keyOrder } from './key-order.js'
import { noAbortedRead } from './no-aborted-read.js'
import { notBefore } from './not-before.js'
import { resources } from './resources.js'
import { settlePosition } from './settle-position.js'
import { silence } from './silence.js'
import { totalQueue } from './total-queue.js'

export type { Checker, Violation } from './checker.js'

/** I1 to I16, in this order. */
export const checkers: readonly Checker[] = [
  totalQueue,
  noAbortedRead,
  conservation,
  keyOrder,
  keyExclusion,
  concurrency,
  notBefore,
  attempts,
  settlePosition,
  boundedPromises,
  effectOnce,
  isolation,
  resources,
  convergence,
  silence,
  fidelity,
]
