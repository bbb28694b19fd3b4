import type { InboxStore } from '../contract/index.js'
import type { Problem } from '../errors/index.js'
import { idempotencyOf } from '../invocation/index.js'
import type { Requirement } from '../requirements/index.js'
import type { AnyBusOptions } from './bus-options.js'
import type { BusPlan, EndpointPlan } from './bus-plan.js'
import { stepsAt } from './pipelines.js'

/** Every inbox of the bus, once. */
export const inboxesOf = ({ endpoints }: BusPlan, options: AnyBusOptions): ReadonlySet<InboxStore> =>
  new Set(endpoints.flatMap((endpoint) => guardsOf(endpoint, options).flatMap(({ store }) => store ?? [])))

/** Which endpoints handle a message once, and where that is written down. */
export const idempotencyNeeds = (endpoint: EndpointPlan, options: AnyBusOptions): Requirement[] =>
  guardsOf(endpoint, options).map(({ store, acceptsMemory }) => ({
    need: 'idempotency',
    by: endpoint.name,
    durability: store?.durability ?? 'process',
    acceptsMemory,
  }))

/** An endpoint that is to handle a message once, and has nowhere to write it down. */
export const checkInboxes = ({ endpoints }: BusPlan, options: AnyBusOptions): Problem[] =>
  endpoints.flatMap((endpoint) =>
    guardsOf(endpoint, options)
      .filter(({ store }) => store === undefined)
      .map(() => ({
        what: `The endpoint ${JSON.stringify(endpoint.name)} has idempotency(), and neither it nor the bus has an inbox.`,
        fix: 'Add one to the options of the bus: stores: { inbox: memoryInbox() } of @waybill/core/memory for tests, or idempotency({ store }).',
      })),
  )

/** One for each `idempotency`, wherever it stands. */
function guardsOf(endpoint: EndpointPlan, options: AnyBusOptions): { readonly store: InboxStore | undefined; readonly acceptsMemory: boolean }[] {
  const steps = new Set([...stepsAt(endpoint, options), ...endpoint.records.flatMap((record) => record.options.use ?? [])])
  return [...steps].flatMap((step) => {
    const given = idempotencyOf(step)
    if (given === undefined) return []
    const own = given === 'if stored' ? {} : given
    return [{ store: own.store ?? options.stores?.inbox, acceptsMemory: own.acceptMemory === true }]
  })
}
