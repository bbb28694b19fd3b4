import { cancellation } from './cancellation/index.js'
import { capabilities } from './capabilities/index.js'
import { competing } from './competing/index.js'
import { concurrency } from './concurrency/index.js'
import { deadLetters } from './dead-letters/index.js'
import { delays } from './delays/index.js'
import { delivery } from './delivery/index.js'
import { duplicates } from './duplicates/index.js'
import { faults } from './faults/index.js'
import { ordering } from './ordering/index.js'
import { payloads } from './payloads/index.js'
import { poison } from './poison/index.js'
import { requests } from './requests/index.js'
import { retries } from './retries/index.js'
import { security } from './security/index.js'
import { shutdown } from './shutdown/index.js'
import { subscriptions } from './subscriptions/index.js'
import { topology } from './topology/index.js'
import { walks } from './walks/index.js'
import type { Scenario } from './scenario.js'

/** Every scenario, by group. */
export const scenarios: readonly Scenario[] = [
  ...delivery,
  ...competing,
  ...subscriptions,
  ...requests,
  ...retries,
  ...delays,
  ...deadLetters,
  ...poison,
  ...ordering,
  ...payloads,
  ...concurrency,
  ...shutdown,
  ...faults,
  ...duplicates,
  ...topology,
  ...cancellation,
  ...security,
  ...capabilities,
  ...walks,
]
