import type { Envelope, Outgoing, SendFailure, Transport } from '@waybill/core/contract'
import { Random } from '../lab/random.js'
import type { TransportMutant } from './mutant.js'
import { overTransport, sharedBy } from './over-transport.js'

type Send = Transport['send']

/** Sends some of the messages, or others in their place; the failures name the places of those that were asked for. */
const sendInstead = async (
  send: Send,
  changed: readonly { readonly message: Outgoing; readonly index: number }[],
  signal: AbortSignal,
): Promise<readonly SendFailure[]> => {
  if (changed.length === 0) return []
  const failures = await send(
    changed.map(({ message }) => message),
    signal,
  )
  return failures.map((failure) => ({ ...failure, index: changed[failure.index]?.index ?? failure.index }))
}
const placed = (messages: readonly Outgoing[]): { message: Outgoing; index: number }[] => messages.map((message, index) => ({ message, index }))
const withEnvelope = (message: Outgoing, changes: Partial<Envelope>): Outgoing => ({ ...message, envelope: { ...message.envelope, ...changes } })
const isCopy = ({ original }: Outgoing): boolean => original !== undefined
const nameOf = ({ destination }: Outgoing): string => (destination.kind === 'address' ? destination.address : destination.name)

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
          transport.send.bind(transport),
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
  scenario: 'OR-01',
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
        return sendInstead(transport.send.bind(transport), swapped, signal)
      },
    }))
  },
}

const confirmFirst: TransportMutant = {
  kind: 'transport',
  name: 'confirm-first',
  title: 'a send is confirmed before the broker has the message',
  scenario: 'FT-12',
  wrap: (source) =>
    overTransport(source, (transport) => ({
      async send(messages, signal) {
        void transport.send(messages, signal).catch(() => undefined)
        return []
      },
    })),
}

const swallowFailures: TransportMutant = {
  kind: 'transport',
  name: 'swallow-partial-failures',
  title: 'a call that fails in part counts as confirmed',
  scenario: 'FT-13',
  wrap: (source) =>
    overTransport(source, (transport) => ({
      async send(messages, signal) {
        const failures = await transport.send(messages, signal)
        return failures.length < messages.length ? [] : failures
      },
    })),
}

const unknownIsRefused: TransportMutant = {
  kind: 'transport',
  name: 'unknown-is-refused',
  title: 'a send whose outcome nobody knows is called refused',
  scenario: 'FT-10',
  wrap: (source) =>
    overTransport(source, (transport) => ({
      send: async (messages, signal) =>
        (await transport.send(messages, signal)).map((failure) => ({ ...failure, outcome: 'refused' as const, retryable: false })),
    })),
}

const loseHeaders: TransportMutant = {
  kind: 'transport',
  name: 'lose-headers',
  title: 'the eleventh header and those behind it are lost',
  scenario: 'PL-08',
  wrap: (source) =>
    overTransport(source, (transport) => ({
      send: (messages, signal) =>
        transport.send(
          messages.map((message) => withEnvelope(message, { headers: Object.fromEntries(Object.entries(message.envelope.headers).slice(0, 10)) })),
          signal,
        ),
    })),
}

const copyAfterAccept: TransportMutant = {
  kind: 'transport',
  name: 'copy-after-accept',
  title: 'a dead letter is confirmed at once and sent when its delivery is long accepted',
  scenario: 'DQ-02',
  wrap: (source, { clock }) =>
    overTransport(source, (transport) => ({
      async send(messages, signal) {
        if (!messages.some((message) => nameOf(message).endsWith('.dead-letter'))) return transport.send(messages, signal)
        clock.after(1_000, () => void transport.send(messages, new AbortController().signal).catch(() => undefined))
        return []
      },
    })),
}

const deduplicateById: TransportMutant = {
  kind: 'transport',
  name: 'deduplicate-by-id',
  title: 'the native deduplication takes the id of the message for the id of the copy',
  scenario: 'A4',
  wrap(source, { clock }) {
    const seen = copiesOf(clock)
    const isNew = (message: Outgoing): boolean => {
      const name = `${nameOf(message)} ${message.envelope.id}`
      return !seen.has(name) && seen.add(name).size > 0
    }
    return overTransport(source, (transport) => ({
      send: (messages, signal) =>
        sendInstead(
          transport.send.bind(transport),
          placed(messages).filter(({ message }) => isNew(message)),
          signal,
        ),
    }))
  },
}

const copiesOf = sharedBy(() => new Set<string>())

const loseDelay: TransportMutant = {
  kind: 'transport',
  name: 'lose-delay-on-restart',
  title: 'delayed messages wait in the process and are gone with it',
  scenario: 'DL-06',
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
          return sendInstead(transport.send.bind(transport), placed(messages).filter(isNow), signal)
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

const rewriteCopies: TransportMutant = {
  kind: 'transport',
  name: 'rewrite-copies',
  title: 'a copy is written anew instead of forwarded, with the headers that this version knows',
  scenario: 'DQ-01',
  wrap: (source) =>
    overTransport(source, (transport) => ({
      send: (messages, signal) =>
        transport.send(
          messages.map((message) => {
            if (!isCopy(message)) return message
            const { original: _, ...copy } = withEnvelope(message, { headers: {} })
            return copy
          }),
          signal,
        ),
    })),
}

export const sendingMutants: readonly TransportMutant[] = [
  drop,
  duplicate,
  swapNeighbours,
  confirmFirst,
  swallowFailures,
  unknownIsRefused,
  loseHeaders,
  copyAfterAccept,
  deduplicateById,
  loseDelay,
  early,
  rewriteCopies,
]
