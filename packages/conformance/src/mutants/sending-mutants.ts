import type { TransportMutant } from './mutant.js'
import type { Outgoing } from '@waybill/core/contract'
import { Random } from '../lab/random.js'
import { nameOf, overTransport, placed, sendInstead, sharedBy } from './over-transport.js'

const drop: TransportMutant = {
  kind: 'transport',
  name: 'drop',
  title: 'one message of every hundred is confirmed and dropped',
  scenario: 'DS-01',
  wrap(source, { seed }) {
    const random = new Random(seed, 'drop')
    let sent = 0
    let dropped = random.int(0, 99)
    const isDropped = (): boolean => {
      const place = sent % 100
      if (place === 0) dropped = random.int(0, 99)
      sent += 1
      return place === dropped
    }
    return overTransport(source, (transport) => ({
      send: (messages, signal) =>
        sendInstead(
          transport,
          placed(messages).filter(() => !isDropped()),
          signal,
        ),
    }))
  },
}

const duplicate: TransportMutant = {
  kind: 'transport',
  name: 'duplicate',
  title: 'a message in ten is stored twice',
  scenario: 'CC-01',
  wrap(source, { seed }) {
    const random = new Random(seed, 'duplicate')
    return overTransport(source, (transport) => ({
      async send(messages, signal) {
        const failures = await transport.send(messages, signal)
        const again = failures.length > 0 ? [] : messages.filter(() => random.int(1, 10) === 1)
        if (again.length > 0) await transport.send(again, signal)
        return failures
      },
    }))
  },
}

const swapNeighbours: TransportMutant = {
  kind: 'transport',
  name: 'swap-neighbours',
  title: 'two neighbours of one key in a batch change places',
  scenario: 'OR-08',
  wrap(source, { seed }) {
    const random = new Random(seed, 'swap')
    return overTransport(source, (transport) => ({
      send(messages, signal) {
        const swapped = placed(messages)
        for (let at = 0; at + 1 < swapped.length; at += 1) {
          const [first, second] = [swapped[at], swapped[at + 1]]
          const key = first?.message.envelope.key
          if (first === undefined || second === undefined || key === undefined || second.message.envelope.key !== key || random.int(1, 3) !== 1) continue
          swapped[at] = second
          swapped[at + 1] = first
          at += 1
        }
        return sendInstead(transport, swapped, signal)
      },
    }))
  },
}

const deduplicateById: TransportMutant = {
  kind: 'transport',
  name: 'deduplicate-by-id',
  title: 'the native deduplication takes the id of the message for the id of the copy',
  scenario: 'WA-04',
  wrap(source, { clock }) {
    const seen = copiesOf(clock)
    const isNew = (message: Outgoing): boolean => {
      const name = `${nameOf(message)} ${message.envelope.id}`
      return !seen.has(name) && seen.add(name).size > 0
    }
    return overTransport(source, (transport) => ({
      send: (messages, signal) =>
        sendInstead(
          transport,
          placed(messages).filter(({ message }) => isNew(message)),
          signal,
        ),
    }))
  },
}

const loseDelay: TransportMutant = {
  kind: 'transport',
  name: 'lose-delay-on-restart',
  title: 'delayed messages wait in the process and are gone with it',
  scenario: 'DL-17',
  wrap: (source, { clock }) =>
    overTransport(source, (transport) => {
      const waiting = new Set<{ cancel(): void }>()
      return {
        send(messages, signal) {
          const isNow = ({ message }: { readonly message: Outgoing }): boolean => message.notBefore === undefined
          for (const { notBefore, ...message } of messages) {
            if (notBefore === undefined) continue
            const timer = clock.after(notBefore - clock.now(), () => {
              waiting.delete(timer)
              void transport.send([message], new AbortController().signal)
            })
            waiting.add(timer)
          }
          return sendInstead(transport, placed(messages).filter(isNow), signal)
        },
        close() {
          for (const timer of waiting) timer.cancel()
          return transport.close()
        },
      }
    }),
}

const early: TransportMutant = {
  kind: 'transport',
  name: 'ignore-delay',
  title: 'a delayed message is delivered at once',
  scenario: 'DL-01',
  wrap: (source) =>
    overTransport(source, (transport) => ({
      send: (messages, signal) =>
        transport.send(
          messages.map(({ notBefore: _, ...message }) => message),
          signal,
        ),
    })),
}

const copiesOf = sharedBy(() => new Set<string>())

/** What is stored, how often, in which order, and when. */
export const sendingMutants: readonly TransportMutant[] = [drop, duplicate, swapNeighbours, deduplicateById, loseDelay, early]
