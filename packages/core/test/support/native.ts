import type { MemoryBroker, RawMessage } from '../../src/memory/index.js'

/** The native headers of a message as another service would write them. */
export function native(type: string, changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: '019b76da-a800-7000-8000-00000000000a',
    ce_type: type,
    ce_schemaversion: '1',
    ce_source: 'elsewhere',
    ce_time: '2026-01-01T00:00:00.000Z',
    'content-type': 'application/json',
    ce_kind: 'command',
    ...changes,
  }
}

/** The one dead letter of an endpoint; anything else is a failure. */
export function onlyDeadLetter(broker: MemoryBroker, endpoint = 'shop'): RawMessage {
  const [letter, ...others] = broker.deadLetters(endpoint)
  if (letter === undefined || others.length > 0) throw new Error(`${others.length + (letter === undefined ? 0 : 1)} dead letters, expected one`)
  return letter
}

/** What a dead letter says about its failure. */
export function diagnosis({ headers }: RawMessage): {
  readonly reason: string | undefined
  readonly code: string | undefined
  readonly text: string
  readonly handler: string | undefined
} {
  return {
    reason: headers['waybill-dead-letter-reason'],
    code: headers['waybill-dead-letter-error-code'],
    text: headers['waybill-dead-letter-error-message'] ?? '',
    handler: headers['waybill-dead-letter-handler'],
  }
}

/** Nothing is left anywhere but in dead-letter endpoints. */
export const nothingLeft = { ready: 0, unsettled: 0, delayed: 0 }
