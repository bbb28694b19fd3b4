import { described } from '../handlers/index.js'
import { quote, type Problem } from '../errors/index.js'
import type { MessageContract } from '../messages/index.js'
import { isPolicy, ruleOf, type RecoveryPolicy, type RetryOptions } from '../recovery/index.js'
import type { AnyBusOptions } from './bus-options.js'
import type { BusPlan, EndpointPlan } from './bus-plan.js'
import { checkMiddleware } from './check-bus-options.js'
import { longestHoldMs } from './endpoint-defaults.js'
import { checkInboxes } from './inboxes.js'
import { checkOrders, pipelineOf } from './pipelines.js'

/** What handlers, options and containers do not agree about. Needs no broker. */
export function checkPlan(plan: BusPlan, options: AnyBusOptions, problems: Problem[]): void {
  checkTopicOrder(plan, problems)
  problems.push(...checkOrders(plan, options), ...checkInboxes(plan, options))
  for (const endpoint of plan.endpoints) {
    for (const record of endpoint.records) {
      problems.push(...checkMiddleware(`${record.name}.use`, record.options.use, 'messages'))
      if (record.entry.kind === 'class' && record.entry.parameters > 0 && options.container === undefined) {
        problems.push({
          what: `${described(record)} has constructor parameters, and the bus has no \`container\`.`,
          fix: `Pass a container that makes it, or an instance: handlers: [new ${record.entry.type.name}(…)].`,
        })
      }
    }
    if (endpoint.ordered) checkHolds(endpoint, options, problems)
  }
}

/** One topic, or one endpoint, is ordered as a whole: declarations that differ would make sender and receiver disagree. Within an endpoint of this bus its plan has said so already. */
function checkTopicOrder({ endpoints, known, routes }: BusPlan, problems: Problem[]): void {
  const handled = endpoints.flatMap(({ records }) => records.flatMap(({ contracts }) => contracts))
  const first = new Map<string, MessageContract>()
  for (const contract of new Set([...handled, ...known.values()])) {
    const endpoint = contract.kind === 'event' ? undefined : routes.endpointOf(contract.type)
    if (contract.kind !== 'event' && endpoint === undefined) continue
    const where = endpoint === undefined ? `the topic ${quote(contract.topic)}` : `the endpoint ${quote(endpoint)}`
    const other = first.get(where) ?? contract
    first.set(where, other)
    if (other.ordered === contract.ordered || endpoints.some((each) => handles(each, other) && handles(each, contract))) continue
    const [ordered, unordered] = contract.ordered ? [contract, other] : [other, contract]
    problems.push({
      what: `${ordered.type}, which is ordered, and ${unordered.type}, which is not, both go to ${where}${ordered.type === unordered.type ? ': the type has two declarations' : ''}.`,
      fix: endpoint === undefined ? 'Give one of them another topic, or the same order.' : 'Give one of them a route to another endpoint, or the same order.',
    })
  }
}

const handles = ({ records }: EndpointPlan, contract: MessageContract): boolean => records.some(({ contracts }) => contracts.includes(contract))

/** The head of a key blocks it while it waits, so it may not wait for long. */
function checkHolds({ name, records, options: endpoint }: EndpointPlan, options: AnyBusOptions, problems: Problem[]): void {
  const declared: [string, RetryOptions | RecoveryPolicy | undefined][] = [
    ...records.map((record): [string, typeof record.options.retry] => [described(record), record.options.retry]),
    [`The endpoint ${JSON.stringify(name)}`, endpoint.retry ?? options.retry ?? pipelineOf(endpoint, options).retry],
  ]
  for (const [who, retry] of declared) {
    if (retry === undefined) continue
    const rules = isPolicy(retry) ? retry.rules : [ruleOf(retry, 'immediate')]
    for (const { delayedMs } of rules) {
      const total = delayedMs.reduce((sum, ms) => sum + ms, 0)
      if (total <= longestHoldMs) continue
      problems.push({
        what: `${who} is ordered, and its delayed retries take ${total} ms: nothing else of a key would go on for so long.`,
        fix: `Keep their sum at most ${longestHoldMs} ms, or give the handler an endpoint without order.`,
      })
    }
  }
}
