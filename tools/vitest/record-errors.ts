import { subscribe } from 'node:diagnostics_channel'
import { mkdirSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { afterAll, expect } from 'vitest'

/** One error as it was announced. */
export interface SeenError {
  readonly code: string
  readonly message: string
  /** What to do, where the message does not say it: a transport's fault has it beside. */
  readonly advice?: string
  /** Seen as the cause of another error only: its words may be the broker's. */
  readonly cause: boolean
}

// Messages kept of one code: enough to judge its wording.
const samples = 3
const seen = new Map<string, Map<string, SeenError>>()
const folder = process.env['WAYBILL_SEEN_ERRORS']

function record(announced: unknown): void {
  // A transport's fault may not be announced by itself: then it is the cause of an error that is.
  for (let error = announced; isCoded(error); error = 'cause' in error ? error.cause : undefined) {
    const { code, message } = error
    const ofCode = seen.get(code) ?? new Map<string, SeenError>()
    const advice = 'advice' in error && typeof error.advice === 'string' ? { advice: error.advice } : {}
    if (ofCode.size < samples && !ofCode.has(message)) seen.set(code, ofCode.set(message, { code, message, ...advice, cause: error !== announced }))
  }
}

function isCoded(value: unknown): value is { readonly code: string; readonly message: string } {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('message' in value)) return false
  return typeof value.code === 'string' && value.code.startsWith('WAYBILL_') && typeof value.message === 'string'
}

// At load, so that what a test file makes while it is imported is seen too.
if (folder !== undefined) {
  subscribe('waybill:error', record)
  afterAll(() => {
    const errors = [...seen.values()].flatMap((ofCode) => [...ofCode.values()])
    if (errors.length === 0) return
    const file = relative(process.cwd(), expect.getState().testPath ?? '')
    mkdirSync(folder, { recursive: true })
    // A file may run in two projects, each in a process of its own.
    writeFileSync(`${folder}/${file.replaceAll(/[^a-z0-9]+/gi, '-')}-${process.pid}.json`, `${JSON.stringify({ file, errors }, null, 2)}\n`)
  })
}
