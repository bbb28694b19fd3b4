import { redactUrl } from '../wire/index.js'
import type { AnyBusOptions } from './bus-options.js'
import { defaults } from './endpoint-defaults.js'

/** A URL without its secrets, the kind of a block, or that it is an object. */
export function transportName(transport: AnyBusOptions['transport']): string {
  if (transport === undefined) return defaults.transport
  if (typeof transport === 'string') return redactUrl(transport)
  return 'kind' in transport && typeof transport.kind === 'string' ? transport.kind : 'an object'
}
