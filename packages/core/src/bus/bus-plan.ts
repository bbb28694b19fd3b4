import type { Endpoint, Topic, Topology } from '../contract/index.js'
import { quote, type Problem } from '../errors/index.js'
import { described, findDuplicates, readHandlers, type HandlerRecord } from '../handlers/index.js'
import { contractOfClass, type MessageContract } from '../messages/index.js'
import { Routes } from '../outgoing/index.js'
import type { AnyBusOptions, EndpointOptions } from './bus-options.js'

/** One endpoint as the options describe it. */
export interface EndpointPlan {
  readonly name: string
  readonly records: readonly HandlerRecord[]
  readonly options: EndpointOptions
  readonly ordered: boolean
  readonly endpoint: Endpoint
}

/** What the options come to, without a broker. */
export interface BusPlan {
  readonly name: string
  readonly endpoints: readonly EndpointPlan[]
  readonly routes: Routes
  /** Every type that the bus handles or declares to send or to await. */
  readonly known: ReadonlyMap<string, MessageContract>
  readonly topology: Topology
}

const defaultShards = 8

/** Reads handlers, endpoints and routes; collects what is wrong with them. */
export function planBus(options: AnyBusOptions, problems: Problem[]): BusPlan {
  const routes = new Routes(options.routes ?? {})
  const own: EndpointOptions = { ...options, handlers: options.handlers ?? [] }
  const given: [string, EndpointOptions][] = [[options.name, own], ...Object.entries(options.endpoints ?? {})]
  if (options.endpoints !== undefined && Object.hasOwn(options.endpoints, options.name)) {
    problems.push({
      what: `options.endpoints has ${quote(options.name)}, which is the bus's own endpoint`,
      fix: 'Move its handlers to `handlers`, or give the endpoint another name.',
    })
  }
  const endpoints = given
    .filter(([name, each]) => name !== options.name || each === own)
    .filter(([, each], index) => index > 0 || each.handlers.length > 0)
    .map(([name, each]) => planEndpoint(name, { ...pickSettings(options), ...each }, problems))
  const known = knownTypes(endpoints, options, problems)
  for (const endpoint of endpoints) checkRouted(endpoint, routes, problems)
  checkSends(options, { routes, endpoints }, problems)
  return { name: options.name, endpoints, routes, known, topology: topologyOf(endpoints, known) }
}

/** What an endpoint takes over from the bus. */
function pickSettings({ concurrency, shards, handlerTimeout, pipeline }: AnyBusOptions): Partial<EndpointOptions> {
  return {
    ...(concurrency === undefined ? undefined : { concurrency }),
    ...(shards === undefined ? undefined : { shards }),
    ...(handlerTimeout === undefined ? undefined : { handlerTimeout }),
    ...(pipeline === undefined ? undefined : { pipeline }),
  }
}

function planEndpoint(name: string, options: EndpointOptions, problems: Problem[]): EndpointPlan {
  const records = readHandlers(options.handlers, problems)
  findDuplicates(records, name, problems)
  const contracts = records.flatMap((record) => record.contracts)
  const ordered = contracts.some((contract) => contract.ordered)
  const unordered = contracts.find((contract) => !contract.ordered)
  if (ordered && unordered !== undefined) {
    const first = contracts.find((contract) => contract.ordered)
    problems.push({
      what: `The endpoint ${quote(name)} handles ${first?.type ?? ''}, which is ordered, and ${unordered.type}, which is not.`,
      fix: `Give one of them an endpoint of its own: endpoints: { ${quote(`${name}.ordered`)}: { handlers: [ … ] } }.`,
    })
  }
  const topics = new Map<string, Topic>()
  for (const contract of contracts) if (contract.kind === 'event') topics.set(contract.topic, { name: contract.topic, ordered: contract.ordered })
  const endpoint: Endpoint = { name, topics: [...topics.values()], life: 'durable', ordered: ordered ? { shards: options.shards ?? defaultShards } : false }
  return { name, records, options, ordered, endpoint }
}

function knownTypes(endpoints: readonly EndpointPlan[], { sends, awaits }: AnyBusOptions, problems: Problem[]): ReadonlyMap<string, MessageContract> {
  const known = new Map<string, MessageContract>()
  const sent = [...(sends ?? []), ...(awaits ?? [])].flatMap((cls) => contractOfClass(cls) ?? [])
  for (const contract of [...endpoints.flatMap(({ records }) => records.flatMap((record) => record.contracts)), ...sent]) {
    const other = known.get(contract.type)
    if (other !== undefined && other.kind !== contract.kind)
      problems.push({ what: `The type ${quote(contract.type)} is declared as ${other.kind} and as ${contract.kind}.`, fix: 'Give one of them another type.' })
    known.set(contract.type, contract)
  }
  return known
}

/** A sender in another process finds the route by the same rules: a handler that is not where they lead would never be called. */
function checkRouted({ name, records }: EndpointPlan, routes: Routes, problems: Problem[]): void {
  for (const record of records) {
    for (const { kind, type } of record.contracts) {
      if (kind === 'event') continue
      const routed = routes.endpointOf(type)
      if (routed === name) continue
      problems.push({
        what: `${described(record)} handles the ${kind} ${type} at the endpoint ${quote(name)}, and its route is ${routed === undefined ? 'none' : quote(routed)}.`,
        fix: `Add to the options here and of every sender: routes: { ${quote(type)}: ${quote(name)} }.`,
      })
    }
  }
}

function checkSends(
  { sends }: AnyBusOptions,
  { routes, endpoints }: { readonly routes: Routes; readonly endpoints: readonly EndpointPlan[] },
  problems: Problem[],
): void {
  for (const cls of sends ?? []) {
    const contract = contractOfClass(cls)
    if (contract === undefined || contract.kind === 'event') continue
    const routed = routes.endpointOf(contract.type)
    if (routed === undefined) {
      problems.push({
        what: `${contract.type} is declared in \`sends\` and has no route.`,
        fix: `Give its type a first segment that names its endpoint, or add it: routes: { ${quote(contract.type)}: "…" }.`,
      })
      continue
    }
    const own = endpoints.find(({ name }) => name === routed)
    if (own === undefined || own.records.some((record) => record.contracts.some(({ type }) => type === contract.type))) continue
    problems.push({
      what: `${contract.type} is declared in \`sends\`, and its route is ${quote(routed)}, an endpoint of this bus that has no handler for it.`,
      fix: 'Add a handler, or a route to the endpoint that has one.',
    })
  }
}

function topologyOf(endpoints: readonly EndpointPlan[], known: ReadonlyMap<string, MessageContract>): Topology {
  const topics = new Map<string, Topic>()
  for (const { kind, topic, ordered } of known.values()) if (kind === 'event') topics.set(topic, { name: topic, ordered })
  return { endpoints: endpoints.map(({ endpoint }) => endpoint), topics: [...topics.values()] }
}
