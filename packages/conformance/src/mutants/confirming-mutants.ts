import type { TransportMutant } from './mutant.js'
import { nameOf, overTransport } from './over-transport.js'

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

/** What is said of a send. */
export const confirmingMutants: readonly TransportMutant[] = [confirmFirst, swallowFailures, unknownIsRefused, copyAfterAccept]
