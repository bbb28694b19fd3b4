import type { Clock } from '../contract/index.js'
import type { Logger } from '../logging/logger.js'
import { failpoint, hasCrashed, type FailpointName } from './failpoint.js'
import { announce, instrumentation, type Counted } from './instrumentation.js'

/** What every part of one started bus shares. */
export class BusScope {
  readonly bus: string
  /** Unique per start. */
  readonly instanceId: string
  readonly clock: Clock
  readonly logger: Logger
  /** Set when stop() has begun: nothing new starts, and what fails is not a failure. */
  stopping = false

  constructor(init: { readonly bus: string; readonly instanceId: string; readonly clock: Clock; readonly logger: Logger }) {
    this.bus = init.bus
    this.instanceId = init.instanceId
    this.clock = init.clock
    this.logger = init.logger
  }

  /** Await what it returns, if it returns something. */
  failpoint(name: FailpointName): Promise<never> | undefined {
    return failpoint(name, this.instanceId)
  }

  /** It died at a failpoint. */
  get crashed(): boolean {
    return hasCrashed(this.instanceId)
  }

  count(what: Counted, detail: string): void {
    if (instrumentation.count.hasSubscribers) announce('count', { bus: this.bus, instanceId: this.instanceId, what, detail })
  }
}
