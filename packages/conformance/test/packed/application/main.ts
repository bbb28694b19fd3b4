// #region run
import { conformance } from '@waybill/conformance'
import { harness } from './harness.js'

const { counts, ok, scenarios } = await conformance(harness)
const failed = scenarios.filter(({ status }) => status === 'failed').map(({ id, failures }) => ({ id, failures }))
const skipped = scenarios.filter(({ status }) => status === 'skipped').map(({ id, flag }) => ({ id, flag }))
console.log(JSON.stringify({ ok, counts, failed, skipped }))
process.exitCode = ok ? 0 : 1
// #endregion
