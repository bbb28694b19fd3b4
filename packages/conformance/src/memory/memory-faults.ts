import type { MemoryBroker } from '@waybill/core/memory'
import type { Fault, FaultDoors } from '../harness/harness.js'

/** The fault doors of a broker in memory, with the number of times that each has struck as evidence. */
export function memoryFaults(broker: MemoryBroker): FaultDoors {
  return {
    async cut({ instance }) {
      const before = broker.connections().filter((id) => instance === undefined || id === instance)
      broker.cut(instance)
      return happened(before.length, 'connections closed')
    },
    async refuseSends({ times, instance, retryable, type }) {
      const struck = counter('sends refused')
      return struck.fault(broker.failSends({ ...struck.options(times, instance), ...ofType(type), outcome: 'refused', retryable }))
    },
    async loseConfirms({ times, instance, retryable, type, taken }) {
      const struck = counter(`sends without a known outcome, ${taken ? '' : 'not '}taken`)
      return struck.fault(broker.failSends({ ...struck.options(times, instance), ...ofType(type), outcome: 'unknown', retryable, taken }))
    },
    async holdSends({ instance, taken }) {
      const struck = counter(`requests held, ${taken ? '' : 'not '}taken`)
      const { happened: hear, instanceId } = struck.options(1, instance)
      broker.holdSends({ taken, happened: hear, ...(instanceId !== undefined && { instanceId }) })
      return struck.fault(() => broker.resumeSends())
    },
    async loseSettlements({ times, instance }) {
      const struck = counter('settlements lost')
      return struck.fault(broker.failSettlements(struck.options(times, instance)))
    },
    async refuseConnections({ times, instance, retryable }) {
      const struck = counter('connections refused')
      return struck.fault(broker.failConnections({ ...struck.options(times, instance), retryable }))
    },
  }
}

const ofType = (type: string | undefined) =>
  type === undefined ? {} : { where: (message: { readonly envelope: { readonly type: string } }) => message.envelope.type === type }

function happened(count: number, what: string): Fault {
  return { evidence: async () => (count === 0 ? undefined : `${count} ${what}`), end: async () => undefined }
}

function counter(what: string) {
  let count = 0
  return {
    options: (times: number, instanceId: string | undefined) => ({ times, happened: () => void (count += 1), ...(instanceId !== undefined && { instanceId }) }),
    fault: (end: () => void): Fault => ({ evidence: async () => (count === 0 ? undefined : `${count} ${what}`), end: async () => end() }),
  }
}
