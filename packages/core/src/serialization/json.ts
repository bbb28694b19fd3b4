import { isUtf8 } from 'node:buffer'
import { UnreadableBodyError } from '../errors/index.js'

/** Deeper data overflows the stack of schemas and serializers; nobody writes it by hand. */
export const deepest = 512

/** The bytes of a value. */
export function writeJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8')
}

/** The value of a JSON body. Throws `UnreadableBodyError` for what is empty, no UTF-8, too deep, no JSON, or would pollute a prototype. */
export function readJson(body: Uint8Array): unknown {
  if (body.length === 0) throw new UnreadableBodyError('body-empty', 'The body has 0 bytes, and JSON was declared')
  if (!isUtf8(body)) throw new UnreadableBodyError('body-not-utf8', `The body (${body.length} bytes) is not valid UTF-8`)
  if (isTooDeep(body)) throw new UnreadableBodyError('body-too-deep', `The body is nested deeper than ${deepest}`)
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  try {
    // An own `__proto__` is harmless until somebody assigns or spreads it. The escape is looked for because JSON may hide the name behind one.
    return text.includes('__proto__') || text.includes('\\u00') ? JSON.parse(text, refusePrototype) : JSON.parse(text)
  } catch (error) {
    if (error instanceof UnreadableBodyError) throw error
    throw new UnreadableBodyError('body-not-json', `The body (${body.length} bytes) is not JSON: ${position(error)}`, { cause: error })
  }
}

/** A body of n bytes is at most n deep where it does not end, so small ones need no look. */
export const isTooDeep = (body: Uint8Array): boolean => body.length > deepest && depthOf(body) > deepest

function refusePrototype(name: string, value: unknown): unknown {
  if (name === '__proto__') throw new UnreadableBodyError('body-forbidden-name', 'The body has a field "__proto__"')
  return value
}

/** V8's text quotes the body; only the position may leave this process. */
function position(error: unknown): string {
  const at = error instanceof Error ? /position \d+|Unexpected end/.exec(error.message) : null
  return at === null ? 'it cannot be parsed' : at[0]
}

const quotation = 0x22
const backslash = 0x5c

function depthOf(body: Uint8Array): number {
  let depth = 0
  let most = 0
  let inText = false
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index]
    if (inText) {
      if (byte === backslash) index += 1
      else if (byte === quotation) inText = false
    } else if (byte === quotation) inText = true
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1
      if (depth > most) most = depth
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1
  }
  return most
}
