import { MessageDeclarationError, quote } from '../errors/index.js'
import { checkOptions, flag, integer, optional, type Check, type OptionProblem } from '../wire/index.js'
import type { MessageKind } from './message.js'
import { isName, nameRule } from './name.js'
import type { Schema } from './schema.js'

/** Throws `MessageDeclarationError` for a type that cannot travel through every broker. */
export function checkType(kind: MessageKind, type: unknown): void {
  if (!isName(type))
    throw new MessageDeclarationError(`${quote(type)} cannot be the type of ${kind === 'event' ? 'an' : 'a'} ${kind}`, `Use ${nameRule}: "orders.place-order"`)
}

/** Throws `MessageDeclarationError` that names every option that is wrong. */
export function checkMessageOptions(
  kind: 'command' | 'query' | 'event',
  type: string,
  { schema, options }: { readonly schema: unknown; readonly options: unknown },
): void {
  if (schema !== undefined && !isSchema(schema))
    throw new MessageDeclarationError(`The schema of ${quote(type)} is ${quote(schema)}, not a Standard Schema`, 'Give one: z.object({ … })')
  const checks: Record<string, Check> = { version, key, ordered: optional(flag), encode: optional(aFunction), upcast: optional(upcasters) }
  if (kind === 'command') checks['reply'] = optional(aSchema)
  if (kind === 'query') checks['reply'] = aSchema
  if (kind === 'event') checks['topic'] = optional(topic)
  refuse(type, options === undefined && kind !== 'query' ? [] : checkOptions(quote(type), options, checks), options)
  const { version: current = 1, upcast = {} } = (options ?? {}) as { readonly version?: number; readonly upcast?: object }
  for (const from of Object.keys(upcast)) {
    if (!versionName.test(from) || Number(from) >= current) {
      throw new MessageDeclarationError(
        `${quote(type)} has version ${current}, and its upcast says ${quote(from)}`,
        `Name the older versions only, from 1 to ${current - 1}, or raise the version`,
      )
    }
  }
}

export function checkDocumentOptions(type: string, options: unknown): void {
  if (options === undefined) return
  refuse(type, checkOptions(quote(type), options, { contentType: optional(contentType), key: optional(aFunction), ordered: optional(flag), version }), options)
}

function refuse(type: string, problems: readonly OptionProblem[], options: unknown): void {
  if (problems.length > 0) throw new MessageDeclarationError(problems.map(({ what }) => what).join('; '), problems.map(({ fix }) => fix).join(' '))
  const { ordered, key: by } = (options ?? {}) as { readonly ordered?: boolean; readonly key?: unknown }
  if (ordered === true && by === undefined)
    throw new MessageDeclarationError(`${quote(type)} is ordered and has no key`, "Say what is in order: { ordered: true, key: 'orderId' }")
}

const versionName = /^[1-9]\d*$/
const isSchema = (value: unknown): value is Schema =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  '~standard' in value &&
  typeof (value as Partial<Schema>)['~standard']?.validate === 'function'
const aSchema: Check = (value) => (isSchema(value) ? undefined : 'a Standard Schema such as z.object({ … })')
const aFunction: Check = (value) => (typeof value === 'function' ? undefined : 'a function')
const version = optional(integer(1, 2 ** 31 - 1))
const key: Check = optional((value) =>
  typeof value === 'function' || (typeof value === 'string' && value !== '') ? undefined : 'the name of a text field, or a function',
)
const topic: Check = (value) => (isName(value) ? undefined : nameRule)
const upcasters: Check = (value) =>
  typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'function')
    ? undefined
    : 'functions by version, { 1: (data) => … }'
const contentType: Check = (value) => (typeof value === 'string' && mediaType.test(value) ? undefined : 'a media type such as "image/tiff"')
// Printable ASCII after the subtype: parameters.
const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:[ ]*;[\u0020-\u007e]*)?$/
