import type { Scenario } from '../scenario.js'
import { crowd, dies, joins, leaves, rollingRestart, slowPeer } from './join-and-leave.js'
import { share } from './share.js'

/** CC: competing consumers. */
export const competing: readonly Scenario[] = [share, joins, leaves, dies, slowPeer, crowd, rollingRestart]
