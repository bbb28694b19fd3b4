import type { Browsed, Depth, Destination, Inspect } from '../contract/index.js'
import { transportFailure } from './transport-failure.js'

/** The transport's `inspect`, with its errors told as ours. */
export function guardedInspect(transport: string, inspect: Inspect): Inspect {
  return {
    async depth(of: Destination): Promise<Depth> {
      try {
        return await inspect.depth(of)
      } catch (cause) {
        throw transportFailure(transport, `count the messages of ${nameOf(of)}`, cause)
      }
    },
    async *browse(of, options): AsyncGenerator<Browsed> {
      try {
        yield* inspect.browse(of, options)
      } catch (cause) {
        throw transportFailure(transport, `browse ${nameOf(of)}`, cause)
      }
    },
  }
}

function nameOf(destination: Destination): string {
  return destination.kind === 'address' ? destination.address : destination.name
}
