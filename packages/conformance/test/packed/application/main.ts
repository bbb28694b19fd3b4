import { conformance, type Sabotage } from '@waybill/conformance'
import { harness } from './harness.js'

// #region planted
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
// #endregion

const planted = process.env['PLANTED'] === undefined ? {} : { sabotage: careless }
// #region run
const { counts, ok, scenarios } = await conformance({ ...harness, ...planted })
const failed = scenarios.filter(({ status }) => status === 'failed').map(({ id, failures }) => ({ id, failures }))
const skipped = scenarios.filter(({ status }) => status === 'skipped').map(({ id, flag }) => ({ id, flag }))
console.log(JSON.stringify({ ok, counts, failed, skipped }))
process.exitCode = ok ? 0 : 1
// #endregion
