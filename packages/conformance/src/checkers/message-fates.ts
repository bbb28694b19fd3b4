import type { HistoryEvent, PublishStarted } from '../history/history.js'
import { Bag } from './bag.js'
import { replay, type EventOf } from './replay.js'

/** What became of a message at one endpoint. */
export class EndpointFates {
  /** Called here, whatever came of it. */
  readonly handlers = new Set<string>()
  readonly succeeded = new Bag()
  readonly deadLettered = new Bag()
  /** Ends for all its handlers: expired, ignored, absorbed by an inbox. */
  general = 0

  /** How often this handler is done with the message. */
  of(handler: string): number {
    const all = this.general + this.deadLettered.of('*')
    return handler === '*' ? all : all + this.succeeded.of(handler) + this.deadLettered.of(handler)
  }
  /** How often the message has come to an end here, for the handler that was most often done with it. */
  get ends(): number {
    return Math.max(this.of('*'), ...[...this.handlers, ...this.deadLettered.names].map((handler) => this.of(handler)))
  }
  /** All that were called are done: another delivery may be accepted without a call. */
  get isDone(): boolean {
    return this.ends > 0 && [...this.handlers].every((handler) => this.of(handler) > 0)
  }
}

/** The way of one message through a history. */
export class MessageFates {
  readonly published: (PublishStarted & HistoryEvent)[] = []
  readonly outcomes = new Bag()
  readonly endpoints = new Map<string, EndpointFates>()
  faults = 0
  delivered = 0
  lastSeen: HistoryEvent | undefined

  at(endpoint: string): EndpointFates {
    const known = this.endpoints.get(endpoint)
    if (known !== undefined) return known
    const fates = new EndpointFates()
    this.endpoints.set(endpoint, fates)
    return fates
  }
}

/** Reads every message's way, keyed by its id. */
export function messageFates(history: readonly HistoryEvent[]): ReadonlyMap<string, MessageFates> {
  const all = new Map<string, MessageFates>()
  const runs = new Map<string, EventOf<'started'>>()
  const deliveries = new Map<string, EventOf<'delivered'>>()
  /** Deliveries that have another end than that of their handlers. */
  const explained = new Set<string>()

  const of = (message: string): MessageFates => {
    const fates = all.get(message) ?? new MessageFates()
    all.set(message, fates)
    return fates
  }
  const see = (message: string, event: HistoryEvent): MessageFates => {
    const fates = of(message)
    fates.lastSeen = event
    return fates
  }
  const explain = ({ message, endpoint }: { readonly message: string; readonly endpoint: string }): void => {
    for (const [id, delivery] of deliveries) if (delivery.message === message && delivery.endpoint === endpoint) explained.add(id)
  }
  const endHere = (event: EventOf<'expired'> | EventOf<'ignored'>): void => {
    see(event.message, event).at(event.endpoint).general += 1
    explain(event)
  }

  replay(history, {
    'publish-started': (event) => void see(event.message, event).published.push(event),
    'publish-ended': (event) => see(event.message, event).outcomes.add(event.outcome),
    delivered: (event) => {
      const fates = see(event.message, event)
      fates.delivered += 1
      fates.at(event.endpoint)
      deliveries.set(event.delivery, event)
    },
    started: (event) => {
      runs.set(event.run, event)
      see(event.message, event).at(event.endpoint).handlers.add(event.handler)
      explained.add(event.delivery)
    },
    ended: (event) => {
      const run = runs.get(event.run)
      if (run === undefined) return
      const fates = see(run.message, event)
      if (event.outcome === 'succeeded') fates.at(run.endpoint).succeeded.add(run.handler)
    },
    settled: (event) => {
      const delivery = deliveries.get(event.delivery)
      if (delivery === undefined) return
      deliveries.delete(event.delivery)
      const endpoint = see(delivery.message, event).at(delivery.endpoint)
      // Accepted, and nothing ran: rightly so only where the message has been handled before, as an inbox sees it.
      if (event.disposition === 'accepted' && !explained.has(event.delivery) && endpoint.isDone) endpoint.general += 1
    },
    'dead-lettered': (event) => {
      see(event.message, event).at(event.endpoint).deadLettered.add(event.handler)
      explain(event)
    },
    expired: endHere,
    ignored: endHere,
    answered: (event) => {
      const fates = see(event.message, event)
      if (event.outcome === 'fault') fates.faults += 1
    },
  })
  return all
}
