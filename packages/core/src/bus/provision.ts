import type { Change, Clock, Topic, Topology } from '../contract/index.js'
import { ConfigurationError, quote, TransportError } from '../errors/index.js'
import type { Logger } from '../logging/logger.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { within } from '../runtime/within.js'

type Mode = 'create' | 'check' | 'none'

/** Sees to the entities of a bus: all that is declared at start, and a topic that nothing declares at its first use. */
export function provisionTopology(
  guard: GuardedTransport,
  mode: Mode,
  { topology, logger, clock, timeoutMs }: { readonly topology: Topology; readonly logger: Logger; readonly clock: Clock; readonly timeoutMs: number },
): { start(): Promise<void>; ensureTopic(topic: Topic): Promise<void> | undefined } {
  const declared = new Set<string>(topology.topics.map(({ name }) => name))
  const ensured = new Map<string, Promise<void>>()
  const run = async (part: Topology): Promise<void> => {
    if (mode === 'none') return
    const changes = await guard.provision(part, mode)
    refuseMissing(mode, changes)
    for (const { entity, kind, detail } of changes) logger.warn({ entity, kind, detail }, `${entity} is ${kind}: ${detail}. It stays as it is`)
  }
  return {
    start: () => run(topology),
    ensureTopic(topic) {
      if (mode === 'none' || declared.has(topic.name)) return undefined
      let ensuring = ensured.get(topic.name)
      if (ensuring === undefined) {
        ensuring = within(run({ endpoints: [], topics: [topic] }), { clock, ms: timeoutMs, late: () => notProvisioned(guard.name, topic, timeoutMs) })
        ensured.set(topic.name, ensuring)
        ensuring.catch(() => void ensured.delete(topic.name))
      }
      // Kept, also when it has settled: who comes later must not pass those who wait for it.
      return ensuring
    },
  }
}

const notProvisioned = (transport: string, { name }: Topic, timeoutMs: number): TransportError =>
  new TransportError(transport, `provision the topic ${quote(name)}`, new Error(`no answer within ${timeoutMs} ms`), true)

/** `check` adds nothing, so what is missing stays missing. What differs or is left over is for people: it still works. */
function refuseMissing(mode: Mode, changes: readonly Change[]): void {
  const missing = changes.filter(({ kind }) => kind === 'missing')
  if (mode !== 'check' || missing.length === 0) return
  throw new ConfigurationError(
    'the broker lacks what the bus needs',
    missing.map(({ entity, detail }) => ({ what: `${entity} is missing: ${detail}.`, fix: "Create it, or start with { provision: 'create' }." })),
  )
}
