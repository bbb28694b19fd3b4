import { causeText, MessageDeclarationError } from '../errors/index.js'
import { firstDifference } from './first-difference.js'
import type { Schema } from './schema.js'
import { validate } from './validate.js'

/** What is proven: a message, or the reply of one. */
export interface Subject {
  /** `"orders.place-order"`, or `The reply of "orders.place-order"`. */
  readonly name: string
  readonly schema: Schema
  readonly encode: ((output: never) => unknown) | undefined
  /** What to do when the proof fails. */
  readonly fix: string
}

/** Proves on one value that the schema reads back from JSON what it put out. Throws `MessageDeclarationError`, naming the field. */
export function proveReadBack(subject: Subject, output: unknown): void {
  const text = toJson(subject, output)
  const read = validate(subject.schema, JSON.parse(text))
  if (read.issues !== undefined) {
    const first = read.issues[0]
    throw failed(subject, first === undefined || first.path === '' ? '' : ` at ${first.path}`, first?.message ?? 'no reason given')
  }
  const path = firstDifference(output, read.value)
  if (path !== undefined) throw failed(subject, path === '' ? '' : ` at ${path}`, 'it comes back different')
}

function toJson(subject: Subject, output: unknown): string {
  let field = ''
  let text: string | undefined
  try {
    const wire = subject.encode === undefined ? output : subject.encode(output as never)
    text = JSON.stringify(wire, (name, value: unknown) => {
      field = name
      return value
    })
  } catch (cause) {
    const message = causeText(cause)
    throw new MessageDeclarationError(`${subject.name} cannot be written as JSON${field === '' ? '' : ` at ${field}`}: ${message}`, subject.fix, { cause })
  }
  if (text === undefined) throw new MessageDeclarationError(`${subject.name} cannot be written as JSON: it is undefined or a function`, subject.fix)
  return text
}

const failed = (subject: Subject, at: string, message: string): MessageDeclarationError =>
  new MessageDeclarationError(`${subject.name}: the schema does not read its own output back from JSON${at}: ${message}`, subject.fix)
