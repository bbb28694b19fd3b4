import { setMaxListeners } from 'node:events'
import type { Delivery, Endpoint } from '@waybill/core/contract'
import { crashes, observe, type CrashEvent, type InstrumentationEvents } from '@waybill/core/runtime'
import type { Fact, HistoryEvent } from '../history/history.js'
import { digestOf } from './digest.js'
import { HandlerSends } from './handler-sends.js'
import { OpenDeliveries } from './open-deliveries.js'
import { RawMessages } from './raw-messages.js'
import { Subscriptions } from './subscriptions.js'
import type { Watcher } from './watched-transport.js'

type Events = { [Name in keyof InstrumentationEvents]: InstrumentationEvents[Name][] }

/** Writes down what the buses of one scenario announce. Other buses of the process are not seen. */
export class HistoryRecorder implements Watcher {
  readonly history: HistoryEvent[] = []
  readonly open = new OpenDeliveries()
  readonly subscriptions = new Subscriptions()
  readonly #raw = new RawMessages()
  /** All that was announced, by channel. */
  readonly events: Events = { send: [], deliver: [], invoke: [], handled: [], retry: [], wait: [], deadLetter: [], settle: [], count: [] }
  /** When the last delivery came. */
  lastDeliveryAt = Number.NEGATIVE_INFINITY
  readonly instances = new Set<string>()
  /** What an instance that died was holding. */
  readonly inFlightAtCrash = new Map<string, number>()
  #now: () => number
  readonly #concurrency = new Map<string, (endpoint: string) => number>()
  readonly #prefetch = new Map<string, number>()
  readonly #peaks = new Map<string, number>()
  readonly #ordered = new Set<string>()
  /** Published by the lab itself, which knows their outcome. */
  readonly #ownSends = new Set<string>()
  readonly #handlerSends = new HandlerSends(this)
  readonly #sequences = new Map<string, number>()
  readonly #ends: readonly (() => void)[]

  constructor(now: () => number) {
    this.#now = now
    const crashed = (event: unknown): void => {
      const { instanceId } = event as CrashEvent
      this.inFlightAtCrash.set(instanceId, this.open.unsettled(instanceId))
      this.open.crashed(instanceId, ({ id, runs }) => {
        for (const run of runs) this.note({ kind: 'ended', run, outcome: 'abandoned' })
        this.note({ kind: 'lock-lost', delivery: id })
      })
    }
    crashes.subscribe(crashed)
    this.#ends = [
      this.#on('send', (event) => this.#sent(event)),
      this.#on('deliver', (event) => this.#delivered(event)),
      this.#on('invoke', (event) => this.#invoked(event)),
      this.#on('retry', (event) => this.#retries(event)),
      this.#on('wait', () => undefined),
      this.#on('handled', ({ envelope, handler, outcome }) =>
        this.#ended(envelope, handler, outcome === 'accepted' ? 'succeeded' : outcome === 'released' ? 'abandoned' : 'failed'),
      ),
      this.#on('settle', ({ delivery, disposition }) => this.note({ kind: 'settled', delivery: this.open.settle(delivery), disposition })),
      this.#on('deadLetter', (event) => this.#deadLettered(event)),
      this.#on('count', (event) => this.#counted(event)),
      () => void crashes.unsubscribe(crashed),
    ]
  }

  note(fact: Fact): void {
    this.history.push({ seq: this.history.length + 1, at: this.#now(), ...fact })
  }

  count(kind: Fact['kind']): number {
    return this.history.reduce((count, event) => (event.kind === kind ? count + 1 : count), 0)
  }

  /** Counts up per place and key, in the order of the calls. */
  sequence(instance: string, to: string, key: string | undefined): number {
    const place = JSON.stringify([instance, to, key])
    const next = (this.#sequences.get(place) ?? 0) + 1
    this.#sequences.set(place, next)
    return next
  }

  /** The lab itself says how this one ends. */
  own(message: string): void {
    this.#ownSends.add(message)
  }

  /** Put in past every bus; on record as published when it is delivered, or at the end. */
  raw(message: Parameters<RawMessages['add']>[0]): void {
    this.#raw.add(message)
  }

  connected(instance: string): void {
    this.instances.add(instance)
  }
  subscribed(_instance: string, endpoint: Endpoint): void {
    this.subscriptions.add(endpoint)
    if (endpoint.ordered !== false) this.#ordered.add(endpoint.name)
  }
  limited(instance: string, endpoint: string, prefetch: number): void {
    this.#prefetch.set(`${instance} ${endpoint}`, prefetch)
  }
  /** What is more than ever before, and what is too much: the rest says nothing new. */
  held(instance: string, endpoint: string, open: ReadonlySet<Delivery>): void {
    const place = `${instance} ${endpoint}`
    const peak = this.#peaks.get(place) ?? 0
    const prefetch = this.#prefetch.get(place) ?? 0
    if (open.size <= Math.min(peak, prefetch)) return
    const unsettled = [...open].filter(({ lost }) => !lost.aborted).length
    if (unsettled <= Math.min(peak, prefetch)) return
    this.#peaks.set(place, Math.max(peak, unsettled))
    this.note({ kind: 'held', endpoint, instance, unsettled, prefetch })
  }
  runs(instance: string, concurrency: (endpoint: string) => number): void {
    this.#concurrency.set(instance, concurrency)
  }

  /** Listens no more, and says what became of sends that were never confirmed. */
  end(): void {
    for (const end of this.#ends) end()
    this.#handlerSends.end()
    for (const raw of this.#raw.left) this.#rawPublished(raw.id ?? 'a raw message', raw)
    // What is noted from here on belongs to the end.
    const endedAt = this.#now()
    this.#now = () => endedAt
  }

  #on<Name extends keyof InstrumentationEvents>(name: Name, listener: (event: InstrumentationEvents[Name]) => void): () => void {
    return observe(name, (event) => {
      if (!this.instances.has(event.instanceId)) return
      const seen: InstrumentationEvents[Name][] = this.events[name]
      seen.push(event)
      listener(event)
    })
  }

  #sent({ instanceId, outgoing, purpose, outcome }: InstrumentationEvents['send']): void {
    const { envelope } = outgoing
    const { id: message } = envelope
    if (purpose === 'reply') {
      if (outcome === 'confirmed')
        this.note({ kind: 'answered', message: envelope.causationId ?? '', outcome: envelope.system['fault'] === undefined ? 'reply' : 'fault' })
      return
    }
    if (purpose !== 'message') return
    if (!this.#ownSends.has(message)) this.#handlerSends.sent(instanceId, outgoing, outcome)
    if (outcome !== 'refused') this.note({ kind: 'seen', message, place: 'sent', digest: digestOf(envelope) })
  }

  #delivered({ instanceId, endpoint, delivery }: InstrumentationEvents['deliver']): void {
    this.lastDeliveryAt = this.#now()
    const { envelope, deliveryCount, nativeId } = delivery
    const message = envelope?.id ?? `native ${nativeId ?? 'without an id'}`
    const raw = this.#raw.take(envelope?.id)
    if (raw !== undefined) this.#rawPublished(message, raw)
    const id = this.open.add(delivery, { message, endpoint, instance: instanceId })
    const prefetch = this.#prefetch.get(`${instanceId} ${endpoint}`)
    const key = this.#ordered.has(endpoint) ? envelope?.key : undefined
    this.note({
      kind: 'delivered',
      delivery: id,
      message,
      endpoint,
      instance: instanceId,
      ...(key !== undefined && { key }),
      ...(deliveryCount !== undefined && { count: deliveryCount }),
      ...(prefetch !== undefined && { prefetch }),
    })
    if (envelope !== undefined) this.note({ kind: 'seen', message, place: `delivered to ${endpoint}`, digest: digestOf(envelope) })
    // A transport may give all deliveries of a connection one signal: Node 22 takes the eleventh listener for a leak.
    setMaxListeners(0, delivery.lost)
    delivery.lost.addEventListener('abort', () => void (this.open.has(delivery) && this.note({ kind: 'lock-lost', delivery: id })), { once: true })
  }

  #rawPublished(message: string, { to, key }: ReturnType<RawMessages['take']> & {}): void {
    this.note({ kind: 'publish-started', message, to, instance: 'raw', sequence: this.sequence('raw', to, key), ...(key !== undefined && { key }) })
    this.note({ kind: 'publish-ended', message, outcome: 'confirmed' })
  }

  #invoked({ instanceId, endpoint, handler, envelope, attempt }: InstrumentationEvents['invoke']): void {
    const { run, delivery } = this.open.start(envelope, handler)
    const key = this.#ordered.has(endpoint) ? envelope.key : undefined
    const concurrency = this.#concurrency.get(instanceId)?.(endpoint)
    this.note({
      kind: 'started',
      run,
      delivery,
      message: envelope.id,
      endpoint,
      handler,
      instance: instanceId,
      attempt,
      ...(key !== undefined && { key }),
      ...(concurrency !== undefined && { concurrency }),
    })
  }

  #retries({ endpoint, handler, envelope, delayMs }: InstrumentationEvents['retry']): void {
    this.#ended(envelope, handler, 'failed')
    if (delayMs > 0) this.note({ kind: 'deferred', message: envelope.id, endpoint, handler, due: this.#now() + delayMs })
  }

  #ended(envelope: object, handler: string, outcome: 'succeeded' | 'failed' | 'abandoned'): void {
    const run = this.open.endRun(envelope, handler)
    if (run !== undefined) this.note({ kind: 'ended', run, outcome })
  }

  #deadLettered({ instanceId, endpoint, handler, reason, envelope }: InstrumentationEvents['deadLetter']): void {
    // Of what could not be read the copy has an id of its own.
    const unread = this.open.unread(instanceId, endpoint, envelope.id)
    this.note({ kind: 'dead-lettered', message: unread ?? envelope.id, endpoint, handler, reason })
    if (unread === undefined) this.note({ kind: 'seen', message: envelope.id, place: `dead letter of ${endpoint}`, digest: digestOf(envelope) })
  }

  #counted({ what, detail, instanceId }: InstrumentationEvents['count']): void {
    if (what !== 'expired-request' && what !== 'ignored') return
    const ended = this.open.lastOf(instanceId, what === 'ignored' ? undefined : detail.split(' ').at(-1))
    if (ended !== undefined) this.note({ kind: what === 'ignored' ? 'ignored' : 'expired', message: ended.message, endpoint: ended.endpoint })
  }
}
