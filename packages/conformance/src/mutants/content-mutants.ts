import type { TransportMutant } from './mutant.js'
import type { Envelope, Outgoing } from '@waybill/core/contract'
import { overTransport } from './over-transport.js'

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
            if (message.original === undefined) return message
            const { original: _, ...copy } = withEnvelope(message, { headers: {} })
            return copy
          }),
          signal,
        ),
    })),
}

const withEnvelope = (message: Outgoing, changes: Partial<Envelope>): Outgoing => ({ ...message, envelope: { ...message.envelope, ...changes } })

/** What a message is on the wire. */
export const contentMutants: readonly TransportMutant[] = [loseHeaders, rewriteCopies]
