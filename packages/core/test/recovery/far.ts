import { memory, type MemoryBroker } from '../../src/memory/index.js'
import type { VirtualClock } from '../../src/runtime/index.js'
import { endpointNamed, fakeHost } from '../memory-harness.js'

/** An endpoint that nobody reads, at `memory://<broker>/far`: everything stays where a test sees it. */
export async function provideFar(broker: MemoryBroker, clock: VirtualClock): Promise<void> {
  const transport = memory({ broker }).create()
  await transport.connect(fakeHost(clock, 'far').host)
  await transport.provision({ endpoints: [endpointNamed('far')], topics: [] }, 'create')
  await transport.close()
}
