import { HandlerDeclarationError } from '../errors/index.js'
import { isName, nameRule } from '../messages/name.js'
import { checkRetry } from '../recovery/resolve-policy.js'
import { anything, checkOptions, duration, integer, optional, type Check } from '../wire/index.js'
import type { HandlerOptions } from './handler.js'

/** Throws `HandlerDeclarationError` that names every option that is wrong. */
export function checkHandlerOptions(handler: string, options: unknown): HandlerOptions {
  if (options === undefined) return {}
  const problems = checkOptions(handler, options, checks)
  const { retry } = (options ?? {}) as { readonly retry?: unknown }
  if (retry !== undefined) problems.push(...checkRetry(`${handler}.retry`, retry))
  if (problems.length > 0) throw new HandlerDeclarationError(problems.map(({ what }) => what).join('; '), problems.map(({ fix }) => fix).join(' '))
  return options as HandlerOptions
}

const id: Check = (value) => (isName(value) ? undefined : `a name (${nameRule})`)
const ids: Check = (value) => (Array.isArray(value) && value.every(isName) ? undefined : 'a list of names')
const middleware: Check = (value) =>
  Array.isArray(value) && value.every((each: unknown) => typeof each === 'object' && each !== null && 'name' in each)
    ? undefined
    : 'a list of middleware, { name, incoming: { message } }'

const checks: Readonly<Record<string, Check>> = {
  id: optional(id),
  formerIds: optional(ids),
  retry: anything,
  timeout: optional(duration),
  concurrency: optional(integer(1, 10_000)),
  use: optional(middleware),
}
