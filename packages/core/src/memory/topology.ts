import type { Change, Endpoint, Topic, Topology } from '../contract/index.js'
import type { Broker } from './broker.js'
import { deadLetterOf, isDeadLetter, type Entities } from './entities.js'

/** Compares, and in `create` and `remove` adjusts. What it returns is what still differs afterwards. */
export function provision(broker: Broker, { topology, mode }: { readonly topology: Topology; readonly mode: 'create' | 'check' | 'remove' }): Change[] {
  const { entities } = broker
  if (mode !== 'check') {
    for (const topic of topology.topics) entities.declareTopic(topic)
    for (const endpoint of topology.endpoints) entities.declareEndpoint(endpoint, broker.clock)
  }
  if (mode === 'remove') for (const endpoint of topology.endpoints) for (const { queue, topic } of leftOver(entities, endpoint)) topic.subscribers.delete(queue)
  return [
    ...topicsOf(topology).flatMap((topic) => topicChanges(entities, topic)),
    ...topology.endpoints.flatMap((endpoint) => endpointChanges(entities, endpoint)),
  ]
}

function topicsOf(topology: Topology): Topic[] {
  const topics = new Map(topology.topics.map((topic) => [topic.name, topic]))
  for (const endpoint of topology.endpoints) for (const topic of endpoint.topics) topics.set(topic.name, topic)
  return [...topics.values()]
}

function topicChanges(entities: Entities, { name, ordered }: Topic): Change[] {
  const entity = `topic ${name}`
  const found = entities.topics.get(name)
  if (found === undefined) return [{ entity, kind: 'missing', detail: 'the broker does not have it' }]
  return found.ordered === ordered ? [] : [{ entity, kind: 'different', detail: `declared ${orderText(ordered)}, on the broker ${orderText(found.ordered)}` }]
}

function endpointChanges(entities: Entities, endpoint: Endpoint): Change[] {
  const { name, life, topics } = endpoint
  const entity = `endpoint ${name}`
  const changes: Change[] = []
  const queue = entities.queues.get(name)
  const ordered = endpoint.ordered !== false
  if (queue === undefined) changes.push({ entity, kind: 'missing', detail: 'the broker does not have it' })
  else if (queue.ordered !== ordered)
    changes.push({ entity, kind: 'different', detail: `declared ${orderText(ordered)}, on the broker ${orderText(queue.ordered)}` })
  if (queue !== undefined && lifeText(queue.life) !== lifeText(life))
    changes.push({ entity, kind: 'different', detail: `declared ${lifeText(life)}, on the broker ${lifeText(queue.life)}` })
  if (!isDeadLetter(name) && !entities.queues.has(deadLetterOf(name)))
    changes.push({ entity: `endpoint ${deadLetterOf(name)}`, kind: 'missing', detail: `dead letters of ${name} have no place` })
  for (const topic of topics) {
    const subscribed = queue !== undefined && entities.topics.get(topic.name)?.subscribers.has(queue) === true
    if (!subscribed) changes.push({ entity: `subscription ${name} to ${topic.name}`, kind: 'missing', detail: 'the endpoint gets nothing of this topic' })
  }
  for (const { topic } of leftOver(entities, endpoint)) {
    changes.push({ entity: `subscription ${name} to ${topic.name}`, kind: 'left-over', detail: 'the endpoint is not declared to subscribe to it' })
  }
  return changes
}

function leftOver(entities: Entities, endpoint: Endpoint) {
  const queue = entities.queues.get(endpoint.name)
  if (queue === undefined) return []
  const declared = new Set(endpoint.topics.map(({ name }) => name))
  return entities
    .subscriptionsOf(queue)
    .filter(({ name }) => !declared.has(name))
    .map((topic) => ({ queue, topic }))
}

const orderText = (ordered: boolean): string => (ordered ? 'ordered' : 'unordered')
const lifeText = (life: Endpoint['life']): string => (life === 'durable' ? 'durable' : `limited to ${life.idleMs} ms without a consumer`)
