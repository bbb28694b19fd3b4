import { createBus, handle, on, type ReportRow } from '@waybill/core'
import type { Capabilities } from '@waybill/core/contract'
import type { Harness } from '../harness/harness.js'
import { CancelOrder, GetOrder, MoveStock, OrderPlaced } from '../scenarios/messages.js'

/** What a transport has, and what the start of a bus that uses every feature says of it. */
export interface Provided {
  readonly capabilities: Capabilities
  readonly rows: readonly ReportRow[]
}

const nothing = (): void => undefined

/** Starts such a bus. Where the transport cannot carry a part of it, that part is left out: the suite says what is refused. */
export async function providedBy(harness: Harness): Promise<Provided> {
  const place = await harness.create({ namespace: 'guarantees', seed: 1 })
  try {
    const source = place.transport()
    const capabilities = place.capabilities ?? source.create().capabilities
    const hasOrder = (capabilities.ordering?.unit ?? 'none') !== 'none'
    const hasReplies = (capabilities.replies ?? 'none') !== 'none'
    const bus = createBus({
      name: 'orders',
      transport: source,
      clock: place.clock,
      handlers: [
        handle(CancelOrder, nothing),
        on(OrderPlaced, { id: 'orders.bill' }, nothing),
        ...(hasReplies ? [handle(GetOrder, ({ id }) => ({ id, total: 0 }))] : []),
      ],
      ...(hasOrder && { endpoints: { stock: { handlers: [handle(MoveStock, nothing)] } } }),
    })
    await bus.start()
    const { report } = await bus.describe()
    await bus.stop()
    return { capabilities, rows: report?.rows ?? [] }
  } finally {
    await place.close()
  }
}
