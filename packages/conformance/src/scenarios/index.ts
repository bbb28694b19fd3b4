import { noOrder } from './capabilities/no-order.js'
import { share } from './competing/share.js'
import { deadLetterContent } from './dead-letters/content.js'
import { fidelity } from './delivery/fidelity.js'
import { handlerThrows } from './delivery/handler-throws.js'
import { cutConnection } from './faults/cut-connection.js'
import { publishWhileDown } from './faults/publish-while-down.js'
import { orderPerKey } from './ordering/per-key.js'
import { basicRequest } from './requests/basic.js'
import { exactAttempts } from './retries/exact-attempts.js'
import type { Scenario } from './scenario.js'
import { drain } from './shutdown/drain.js'

/** Every scenario, by group. */
export const scenarios: readonly Scenario[] = [
  ...[fidelity, handlerThrows],
  ...[share],
  ...[basicRequest],
  ...[exactAttempts],
  ...[deadLetterContent],
  ...[orderPerKey],
  ...[drain],
  ...[cutConnection, publishWhileDown],
  ...[noOrder],
]
