import type { Stores, TransportEvent, TransportHost } from '../contract/index.js'
import { causeText } from '../errors/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { Supervisors } from '../runtime/supervisor.js'

export interface HostInit {
  /** Of the transport. */
  readonly name: string
  readonly stores: Stores
  readonly supervisors: Supervisors
}

/** What a transport gets of the bus that it works for. */
export function transportHost(scope: BusScope, { name, stores, supervisors }: HostInit): TransportHost {
  const { clock, instanceId } = scope
  return { instanceId, clock, stores, supervise: (work) => supervisors.supervise(work), report: (event) => told(scope, name, event) }
}

function told(scope: BusScope, transport: string, event: TransportEvent): void {
  switch (event.kind) {
    case 'late-settlement':
    case 'dropped-reply':
      return scope.count(event.kind, transport)
    case 'outage':
    case 'defect':
      return scope.logger[event.kind === 'outage' ? 'warn' : 'error'](
        { bus: scope.bus, transport, error: causeText(event.cause) },
        `${transport} reports ${event.kind === 'outage' ? 'an outage' : 'a defect'}`,
      )
  }
}
