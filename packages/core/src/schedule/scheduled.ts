import type { Outgoing, ScheduledMessage } from '../contract/index.js'

/** How the schedule store keeps a message. */
export interface Scheduled {
  readonly dueMs: number
  readonly purpose: ScheduledMessage['purpose']
  readonly cancelId?: string | undefined
  readonly ifOver: ScheduledMessage['ifOver']
  readonly madeBy?: string | undefined
}

/** One row for each intended copy: made again, it has the same key. */
export function rowOf(outgoing: Outgoing, { dueMs, purpose, cancelId, ifOver, madeBy }: Scheduled): ScheduledMessage {
  const { destination, copyId } = outgoing
  const to = destination.kind === 'address' ? destination.address : destination.name
  const row = { key: `${copyId}>${destination.kind}:${to}`, dueMs, outgoing, purpose, ifOver }
  return { ...row, ...(cancelId === undefined ? undefined : { cancelId }), ...(madeBy === undefined ? undefined : { madeBy }) }
}
