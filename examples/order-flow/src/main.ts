#!/usr/bin/env node
import 'reflect-metadata'
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WaybillError } from '@waybill/core'
import { redactUrl } from '@waybill/core/wire'
import { parseCliOptions, usage, UsageError, type CliOptions } from './cli-options.js'
import { quietLogger } from './flow/quiet-logger.js'
import { readOrders } from './import/read-orders.js'
import { OrderFlow } from './order-flow.js'
import { imbalances, resultJson } from './result.js'
import { transcript } from './transcript/transcript.js'

/** Resolves with the exit code. */
async function main(options: CliOptions, signal: AbortSignal): Promise<number> {
  const file = options.orders ?? fileURLToPath(new URL('../orders.jsonl', import.meta.url))
  const orders = readOrders(await textOf(file))
  const flow = new OrderFlow({ transport: options.transport, seed: options.seed, logger: quietLogger })
  try {
    process.stdout.write(`order-flow  three services on ${redactUrl(options.transport)}\n`)
    await flow.start()
    if (options.report) process.stdout.write((await flow.reports()).map((report) => `\n${report}\n`).join('') + '\n')
    const result = await flow.run(orders, { label: basename(file), screen: process.stdout, signal })
    if (options.json !== undefined) await writeJson(options.json, { file, seed: options.seed, ...resultJson(result) })
    process.stdout.write(transcript(result))
    return result.missing.length === 0 && imbalances(result).length === 0 ? 0 : 1
  } finally {
    await flow.stop()
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new UsageError(`The orders cannot be read: ${reasonOf(error)}. Give another file, or make one: node generate.mjs --count 100 > orders.jsonl`)
  }
}

async function writeJson(file: string, value: object): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(value, null, 2)}\n`)
  } catch (error) {
    throw new UsageError(`The result cannot be written: ${reasonOf(error)}. Give --json a file in a folder that exists`)
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Mistakes of the user and of the configuration explain themselves; anything else shows where it comes from. */
function explain(error: unknown): { readonly code: number; readonly text: string } {
  if (error instanceof UsageError) return { code: 2, text: `order-flow: ${error.message}\n\n${usage}` }
  if (error instanceof Interrupted) return { code: 130, text: 'order-flow: interrupted; the services are stopped\n' }
  if (error instanceof WaybillError) return { code: 1, text: `${error.name}: ${error.message}\n` }
  return { code: 1, text: `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n` }
}

class Interrupted extends Error {}

// Whoever reads the output may stop reading (`| head`): that ends the run, and is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort(new Interrupted(name)))
try {
  const options = parseCliOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(usage)
  else process.exitCode = await main(options, interruption.signal)
} catch (error) {
  const { code, text } = explain(error)
  process.stderr.write(text)
  process.exitCode = code
}
