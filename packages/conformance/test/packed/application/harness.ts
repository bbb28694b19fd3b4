// #region harness
import type { Doors, Harness, RawEnvelope, RawMessage } from '@waybill/conformance'
import { virtualClock } from '@waybill/core/runtime'
import { Box, Loft, pigeon, type Letter } from './waybill-pigeon/index.js'

/** What proves the transport: a loft of its own for each scenario, on a clock that stands still. */
export const harness: Harness = {
  name: 'pigeon',
  async create() {
    const clock = virtualClock()
    const loft = new Loft()
    const close = async () => loft.boxes.clear()
    return { time: 'virtual', clock, transport: () => pigeon(loft), doors: doorsOf(loft), faults: {}, close }
  },
}
// #endregion

// #region doors
function doorsOf(loft: Loft): Doors {
  const box = (name: string): Box => {
    const found = loft.boxes.get(name)
    if (found === undefined) throw new Error(`The loft has no endpoint ${name}`)
    return found
  }
  return {
    async publish(to, { body, envelope = {} }) {
      const destination = 'topic' in to ? { kind: 'topic' as const, name: to.topic } : { kind: 'endpoint' as const, name: to.endpoint }
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
      const native = JSON.stringify({ contentType: 'application/json', headers: {}, system: {}, ...envelope })
      if (!loft.take({ ...destination, ordered: false }, { body: bytes, native })) throw new Error('Nothing in the loft has this name')
    },
    async read(name) {
      const letter = box(name).letters.shift()
      return letter && raw(letter)
    },
    browse: async (name) => box(name).letters.map(raw),
    deadLetters: async (name) => loft.boxes.get(`${name}.dead-letter`)?.letters.map(raw) ?? [],
    depth: async (name) => ({ ready: box(name).letters.length, unsettled: box(name).unsettled, delayed: 0 }),
    entities: async () => ({ endpoints: [...loft.boxes].map(([name, { topics }]) => ({ name, topics: [...topics] })), topics: [...loft.topics] }),
    consumerCount: async (name) => box(name).readers.size,
    connections: async () => [...loft.connections],
  }
}
// #endregion

function raw({ place, native, body }: Letter): RawMessage {
  const envelope = JSON.parse(native) as RawEnvelope
  return { nativeId: String(place), body, envelope: { ...envelope, headers: envelope.headers ?? {}, system: envelope.system ?? {} }, state: 'ready' }
}
