export { systemClock } from './clock.js'
export { crashAt, crashes, failpoint, type CrashEvent, type FailpointName } from './failpoint.js'
export { observe, type Counted, type InstrumentationEvents, type Purpose } from './instrumentation.js'
export { virtualClock, type VirtualClock } from './virtual-clock.js'
