// #region planted
import { conformance, type Sabotage } from '@waybill/conformance'
import { harness } from './harness.js'

/** A mistake in the transport: every fiftieth message is confirmed and lost. */
const careless: Sabotage = {
  name: 'careless',
  title: 'every fiftieth message is confirmed and lost',
  wrap: (source) => ({
    create() {
      const transport = source.create()
      const send = transport.send.bind(transport)
      let sent = 0
      transport.send = async (messages, signal) => {
        for (const message of messages) if ((sent += 1) % 50 !== 0) await send([message], signal)
        return []
      }
      return transport
    },
  }),
}

const { ok, scenarios } = await conformance({ ...harness, sabotage: careless, only: ['DS-01'] })
const failed = scenarios.map(({ id, failures }) => ({ id, failures }))
console.log(JSON.stringify({ ok, failed }))
process.exitCode = ok ? 0 : 1
// #endregion
