import type { StandardSchemaV1 } from '@standard-schema/spec'
import { causeText, type Issue } from '../errors/index.js'
import type { Schema } from './schema.js'

/** The output of a schema, or what is wrong with the data. */
export type Validated =
  | { readonly value: unknown; readonly issues?: undefined }
  /** `deferred`: the schema answered with a promise, which nobody waits for. */
  | { readonly issues: readonly Issue[]; readonly deferred: boolean; readonly cause?: unknown }

/** Runs a schema. Never throws. */
export function validate(schema: Schema, data: unknown): Validated {
  try {
    const result = schema['~standard'].validate(data)
    if (!(result instanceof Promise)) return result.issues === undefined ? result : { issues: result.issues.map(issue), deferred: false }
    // It may reject later, and then nobody listens.
    result.catch(() => undefined)
    return { issues: [{ path: '', message: deferredAnswer }], deferred: true }
  } catch (cause) {
    return { issues: [{ path: '', message: `the schema threw: ${causeText(cause)}` }], deferred: false, cause }
  }
}

// zod answers so as well where a refinement or a transform throws: it starts again, asynchronously.
const deferredAnswer = 'the schema answered with a promise: it is asynchronous, or something in it throws'

const issue = ({ path, message }: StandardSchemaV1.Issue): Issue => ({ path: pathText(path ?? []), message })

/** `lines[0].sku` */
export function pathText(path: readonly (PropertyKey | StandardSchemaV1.PathSegment)[]): string {
  let text = ''
  for (const segment of path) {
    const key = typeof segment === 'object' ? segment.key : segment
    if (typeof key === 'number') text += `[${key}]`
    else if (typeof key === 'symbol') text += `[${String(key)}]`
    else if (identifier.test(key)) text += text === '' ? key : `.${key}`
    else text += `[${JSON.stringify(key)}]`
  }
  return text
}

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u
