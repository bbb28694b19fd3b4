import { InvalidMessageError, UnrecoverableError } from '../../src/index.js'

export class GatewayTimeout extends Error {}
export class SlowGateway extends GatewayTimeout {}
export class CardDeclined extends UnrecoverableError {}
export class ConnectionReset extends Error {
  readonly code = 'ECONNRESET'
}

/** What handlers of the table throw. */
export const thrown = {
  Error: () => new Error('again, perhaps'),
  RangeError: () => new RangeError('out of range'),
  TypeError: () => new TypeError('not a function'),
  GatewayTimeout: () => new GatewayTimeout('no answer'),
  SlowGateway: () => new SlowGateway('no answer yet'),
  ConnectionReset: () => new ConnectionReset('reset'),
  AbortError: () => new DOMException('aborted', 'AbortError'),
  AggregateError: () => new AggregateError([new UnrecoverableError('inside')], 'several'),
  'a text': () => 'a text',
  nothing: () => undefined,
  UnrecoverableError: () => new UnrecoverableError('never'),
  CardDeclined: () => new CardDeclined('declined'),
  InvalidMessageError: () => new InvalidMessageError('shop.other', []),
} as const satisfies Record<string, () => unknown>
