import { parseArgs } from 'node:util'
import { patchSources } from '../patched-source.ts'

// `node property.js --module FILE --runs N --seed N [--patch JSON]`: runs the property that a module exports, with a
// bug planted in the sources or without. Its last line is the report; 0: it held, 3: it failed, anything else: a crash.
const text = { type: 'string' }
const { values } = parseArgs({ options: { module: text, runs: text, seed: text, patch: text } })
const { unmet } = patchSources(values.patch === undefined ? [] : [JSON.parse(values.patch)])
let failed = false
try {
  const { property } = await import(values.module)
  const report = await property.check({ runs: Number(values.runs), seed: Number(values.seed) })
  for (const { file } of unmet()) throw new Error(`${file} was never imported: the bug was not planted`)
  failed = report.failure !== undefined
  console.log(JSON.stringify(report))
} catch (error) {
  console.error(error)
  process.exit(2)
}
// Handlers that never end hold nothing open; a bus that a bug has kept from stopping does.
process.exit(failed ? 3 : 0)
