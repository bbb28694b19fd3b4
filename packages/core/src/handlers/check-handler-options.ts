import { HandlerDeclarationError, quote, type Problem } from '../errors/index.js'
import { isName, nameRule } from '../messages/name.js'
import { checkRetry } from '../recovery/resolve-policy.js'
import { anything, checkOptions, duration, integer, optional, type Check } from '../wire/index.js'
import type { HandlerOptions } from './handler.js'

/** Throws `HandlerDeclarationError` that names every option that is wrong. */
export function checkHandlerOptions(handler: string, options: unknown): HandlerOptions {
  if (options === undefined) return {}
  const problems = checkOptions(handler, options, checks)
  const { retry, use } = (options ?? {}) as { readonly retry?: unknown; readonly use?: unknown }
  if (retry !== undefined) problems.push(...checkRetry(`${handler}.retry`, retry))
  if (Array.isArray(use)) problems.push(...checkUse(`${handler}.use`, use))
  if (problems.length > 0) throw new HandlerDeclarationError(problems.map(({ what }) => what).join('; '), problems.map(({ fix }) => fix).join(' '))
  return options as HandlerOptions
}

const id: Check = (value) => (isName(value) ? undefined : `a name (${nameRule})`)
const ids: Check = (value) => (Array.isArray(value) && value.every(isName) ? undefined : 'a list of names')
const list: Check = (value) => (Array.isArray(value) ? undefined : 'a list of middleware, { name, incoming: { message } }')

function checkUse(path: string, use: readonly unknown[]): Problem[] {
  return use.flatMap((each, index) => {
    if (typeof each === 'object' && each !== null && 'name' in each) return []
    const what = `${path}[${index}] is ${quote(each)}, which is no middleware`
    return [{ what, fix: 'Pass { name, incoming: { message } }. Did you forget to call a factory?' }]
  })
}

const checks: Readonly<Record<string, Check>> = {
  id: optional(id),
  formerIds: optional(ids),
  retry: anything,
  timeout: optional(duration),
  concurrency: optional(integer(1, 10_000)),
  use: optional(list),
}
