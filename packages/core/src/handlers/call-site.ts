import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where a declaration stands in the user's source. Costs one stack frame; the text is made when somebody asks. */
export interface CallSite {
  /** `src/place-order.ts:12`; `undefined` where the stack does not say. */
  readonly where: string | undefined
}

/** The place that called `callee`. */
export function callSite(callee: (...args: never[]) => unknown): CallSite {
  const mark: { stack?: string } = {}
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 1
  Error.captureStackTrace(mark, callee)
  Error.stackTraceLimit = limit
  return {
    get where() {
      return whereOf(mark.stack)
    },
  }
}

const frame = /^\s*at (?:.*\()?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).+?):(\d+):\d+\)?$/m

function whereOf(stack: string | undefined): string | undefined {
  const [, file, line] = frame.exec(stack ?? '') ?? []
  if (file === undefined) return undefined
  const path = file.startsWith('file:') ? fileURLToPath(file) : file
  const near = relative(process.cwd(), path)
  return `${near.startsWith('..') ? path : near}:${line}`
}
