import type { Capabilities } from '@waybill/core/contract'
import type { FaultDoors, Place } from './harness.js'

/** What a scenario may need of a transport. A scenario is skipped by the first that is missing. */
export type Flag = keyof typeof measures | `door:${keyof FaultDoors | 'remove'}` | 'virtual-time'

const measures = {
  'private-address': ({ privateAddress }: Capabilities) => privateAddress === true,
  replies: ({ replies }: Capabilities) => (replies ?? 'none') !== 'none',
  'endpoint-delay': ({ delay }: Capabilities) => (delay?.endpoint ?? 'none') !== 'none',
  'topic-delay': ({ delay }: Capabilities) => (delay?.topic ?? 'none') !== 'none',
  /** By key or as a whole endpoint. */
  order: ({ ordering }: Capabilities) => (ordering?.unit ?? 'none') !== 'none',
  'order-by-key': ({ ordering }: Capabilities) => ordering?.unit === 'key',
  /** A second consumer of an ordered endpoint takes keys over. */
  'order-scales-out': ({ ordering }: Capabilities) => ordering?.scaleOut === 'rebalances',
  'individual-settlement': ({ settlement }: Capabilities) => (settlement ?? 'individual') === 'individual',
  /** A lock that runs out by itself. */
  'timed-lock': ({ lockMs }: Capabilities) => (lockMs ?? 30_000) !== Number.POSITIVE_INFINITY,
  'delivery-count': ({ deliveryCount }: Capabilities) => (deliveryCount ?? 'none') !== 'none',
  'counts-crashes': ({ deliveryCount }: Capabilities) => deliveryCount === 'crashes',
  replay: ({ replay }: Capabilities) => (replay ?? 'none') !== 'none',
  'unroutable-detected': ({ unroutable }: Capabilities) => unroutable === 'detected',
  /** Messages that are accepted survive the process that holds the broker. */
  'broker-durability': ({ durability }: Capabilities) => durability === 'broker',
} as const

/** The first flag that the place lacks; `undefined`: it has all. */
export function missingFlag(needs: readonly Flag[], place: Place): Flag | undefined {
  const capabilities = place.capabilities ?? place.transport().create().capabilities
  return needs.find((flag) => !has(flag, place, capabilities))
}

function has(flag: Flag, place: Place, capabilities: Capabilities): boolean {
  if (flag === 'virtual-time') return place.time === 'virtual'
  if (flag === 'door:remove') return place.doors.remove !== undefined
  if (flag.startsWith('door:')) return place.faults[flag.slice('door:'.length) as keyof FaultDoors] !== undefined
  return measures[flag as keyof typeof measures](capabilities)
}
