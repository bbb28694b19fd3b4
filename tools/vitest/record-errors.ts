import { subscribe } from 'node:diagnostics_channel'
import { mkdirSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { afterAll, expect } from 'vitest'

/** One error as it was announced. */
export interface SeenError {
  readonly code: string
  readonly message: string
}

// Messages kept of one code: enough to judge its wording.
const samples = 3
const seen = new Map<string, Set<string>>()
const folder = process.env['WAYBILL_SEEN_ERRORS']

function record(announced: unknown): void {
  // A transport's fault is not announced by itself: it is the cause of an error that is.
  for (let error = announced; isSeenError(error); error = 'cause' in error ? error.cause : undefined) {
    const messages = seen.get(error.code) ?? new Set()
    if (messages.size < samples) seen.set(error.code, messages.add(error.message))
  }
}

function isSeenError(value: unknown): value is SeenError {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('message' in value)) return false
  return typeof value.code === 'string' && value.code.startsWith('WAYBILL_') && typeof value.message === 'string'
}

// At load, so that what a test file makes while it is imported is seen too.
if (folder !== undefined) {
  subscribe('waybill:error', record)
  afterAll(() => {
    const errors = [...seen].flatMap(([code, messages]) => [...messages].map((message): SeenError => ({ code, message })))
    if (errors.length === 0) return
    const file = relative(process.cwd(), expect.getState().testPath ?? '')
    mkdirSync(folder, { recursive: true })
    // A file may run in two projects, each in a process of its own.
    writeFileSync(`${folder}/${file.replaceAll(/[^a-z0-9]+/gi, '-')}-${process.pid}.json`, `${JSON.stringify({ file, errors }, null, 2)}\n`)
  })
}
