import type { Disposition, OnDelivery, SupervisedWork, TransportHost } from '@waybill/core/contract'
import type { TransportMutant } from './mutant.js'
import { answer, changedDelivery, changedSubscription, overDeliveries, overTransport, sharedBy } from './over-transport.js'

const acceptFirst: TransportMutant = {
  kind: 'transport',
  name: 'ack-first',
  title: 'a delivery is accepted before its handler runs',
  scenario: 'DS-09',
  wrap: (source) =>
    overDeliveries(source, (onDelivery) => async (delivery) => {
      void onDelivery(delivery)
      return 'accepted'
    }),
}

const ignorePrefetch: TransportMutant = {
  kind: 'transport',
  name: 'ignore-prefetch',
  title: 'more is delivered than was asked for, and a pause stops nothing',
  scenario: 'CP-03',
  wrap: (source) =>
    overTransport(source, (transport) => ({
      async subscribe(endpoint, onDelivery, options) {
        const subscription = await transport.subscribe(endpoint, onDelivery, { ...options, prefetch: options.prefetch + 50 })
        return changedSubscription(subscription, { limit: async () => undefined })
      },
    })),
}

const forgetConsumer: TransportMutant = {
  kind: 'transport',
  name: 'forget-consumer',
  title: 'after a reconnect the consumer receives nothing any more',
  scenario: 'FT-04',
  wrap: (source) =>
    overTransport(source, (transport) => {
      const limits: ((prefetch: number) => Promise<void>)[] = []
      let opened = 0
      const supervise = (host: TransportHost, work: SupervisedWork) =>
        host.supervise({
          ...work,
          async open(lost) {
            opened += 1
            if (opened > 1) await Promise.all(limits.map((limit) => limit(0)))
            return work.open(lost)
          },
        })
      return {
        connect: (host) => transport.connect({ ...hostOf(host), supervise: (work) => supervise(host, work) }),
        async subscribe(endpoint, onDelivery, options) {
          const subscription = await transport.subscribe(endpoint, onDelivery, options)
          limits.push((prefetch) => subscription.limit(prefetch))
          return changedSubscription(subscription, { limit: async (prefetch) => (opened > 1 ? undefined : subscription.limit(prefetch)) })
        },
      }
    }),
}

const hostOf = (host: TransportHost): TransportHost => ({
  instanceId: host.instanceId,
  clock: host.clock,
  stores: host.stores,
  supervise: (work) => host.supervise(work),
  report: (event) => host.report(event),
})

const cumulativeAccept: TransportMutant = {
  kind: 'transport',
  name: 'settle-stale-tag',
  title: 'what is accepted settles everything that was delivered before it, too',
  scenario: 'DS-12',
  wrap: (source) =>
    overDeliveries(source, (onDelivery) => {
      const open: PromiseWithResolvers<Disposition>[] = []
      return (delivery) => {
        const own = answer()
        open.push(own)
        void onDelivery(delivery).then((disposition) => {
          if (disposition === 'released') own.resolve(disposition)
          else for (const each of open.splice(0, open.indexOf(own) + 1)) each.resolve(disposition)
        })
        return own.promise
      }
    }),
}

const passReleased: TransportMutant = {
  kind: 'transport',
  name: 'pass-released',
  title: 'what is released goes to the end of its queue, and the next of its key passes it',
  scenario: 'OR-18',
  wrap: (source) =>
    overTransport(source, (transport) => ({
      subscribe(endpoint, onDelivery, options) {
        const { name, ordered } = endpoint
        return transport.subscribe(
          endpoint,
          async (delivery) => {
            const disposition = await onDelivery(delivery)
            const { envelope, original, lost, nativeId } = delivery
            if (disposition === 'accepted' || envelope === undefined || lost.aborted) return disposition
            const destination = { kind: 'endpoint', name, ordered: ordered !== false } as const
            await transport.send([{ destination, envelope, original, copyId: `${envelope.id} again ${nativeId}` }], new AbortController().signal)
            return 'accepted'
          },
          options,
        )
      },
    })),
}

const passWatermark: TransportMutant = {
  kind: 'transport',
  name: 'pass-watermark',
  title: 'the position of a log passes a record that was released, because a later one was accepted',
  scenario: 'OR-19',
  wrap: (source) =>
    overDeliveries(source, (onDelivery) => {
      let arrived = 0
      let committed = 0
      return async (delivery) => {
        const position = (arrived += 1)
        const disposition = await onDelivery(delivery)
        if (disposition === 'accepted') committed = Math.max(committed, position)
        return position < committed ? 'accepted' : disposition
      }
    }),
}

const neverLost: TransportMutant = {
  kind: 'transport',
  name: 'never-lost',
  title: 'nobody is told that a lock is lost',
  scenario: 'CN-04',
  wrap: (source) => overDeliveries(source, (onDelivery) => (delivery) => onDelivery(changedDelivery(delivery, { lost: new AbortController().signal }))),
}

const blameNeighbours: TransportMutant = {
  kind: 'transport',
  name: 'blame-neighbours',
  title: 'a crash is counted thrice for everything that was fetched',
  scenario: 'WA-13',
  wrap: (source) =>
    overDeliveries(source, (onDelivery) => (delivery) => {
      const { deliveryCount: count } = delivery
      return onDelivery(changedDelivery(delivery, { deliveryCount: count === undefined || count === 1 ? count : 1 + (count - 1) * 3 }))
    }),
}

const trustTopics: TransportMutant = {
  kind: 'transport',
  name: 'trust-topics',
  title: 'what came through a topic passes for a direct message',
  scenario: 'SE-11',
  wrap: (source) => overDeliveries(source, (onDelivery) => (delivery) => onDelivery(changedDelivery(delivery, { via: 'address' }))),
}

const crossTopics: TransportMutant = {
  kind: 'transport',
  name: 'cross-namespaces',
  title: 'every endpoint is subscribed to every topic, of whichever service',
  scenario: 'PS-07',
  wrap(source, { clock }) {
    const topics = topicsOf(clock)
    return overTransport(source, (transport) => ({
      provision(topology, mode) {
        for (const { name, ordered } of topology.topics) topics.set(name, ordered)
        const all = [...topics].map(([name, ordered]) => ({ name, ordered }))
        return transport.provision(
          {
            topics: all,
            endpoints: topology.endpoints.map((endpoint) => ({ ...endpoint, topics: all.filter(({ ordered }) => ordered === (endpoint.ordered !== false)) })),
          },
          mode,
        )
      },
    }))
  },
}

const topicsOf = sharedBy(() => new Map<string, boolean>())

const leakTimer: TransportMutant = {
  kind: 'transport',
  name: 'leak-timer',
  title: 'a timer for each subscription is never cancelled',
  scenario: 'GS-09',
  wrap: (source, { clock }) =>
    overTransport(source, (transport) => ({
      subscribe(endpoint, onDelivery, options) {
        const renew = (): void => void clock.after(3_600_000, renew)
        renew()
        return transport.subscribe(endpoint, onDelivery, options)
      },
    })),
}

const deliverToAll: TransportMutant = {
  kind: 'transport',
  name: 'deliver-to-all',
  title: 'two consumers of one endpoint each get every message',
  scenario: 'OR-03',
  wrap(source, { clock }) {
    const consumers = consumersOf(clock)
    return overTransport(source, (transport) => ({
      async subscribe(endpoint, onDelivery, options) {
        const all = consumers.get(endpoint.name) ?? new Set()
        consumers.set(endpoint.name, all.add(onDelivery))
        const subscription = await transport.subscribe(
          endpoint,
          (delivery) => {
            for (const other of all)
              if (other !== onDelivery) void other(changedDelivery(delivery, { envelope: delivery.envelope && { ...delivery.envelope } }))
            return onDelivery(delivery)
          },
          options,
        )
        return changedSubscription(subscription, {
          stop: (signal) => {
            all.delete(onDelivery)
            return subscription.stop(signal)
          },
        })
      },
    }))
  },
}

const consumersOf = sharedBy(() => new Map<string, Set<OnDelivery>>())

export const receivingMutants: readonly TransportMutant[] = [
  acceptFirst,
  ignorePrefetch,
  forgetConsumer,
  cumulativeAccept,
  passReleased,
  passWatermark,
  neverLost,
  blameNeighbours,
  trustTopics,
  crossTopics,
  leakTimer,
  deliverToAll,
]
