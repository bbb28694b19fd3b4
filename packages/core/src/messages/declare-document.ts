import { InvalidMessageError, MessageDeclarationError, quote, UnknownTypeError } from '../errors/index.js'
import { checkDocumentOptions, checkType } from './check-declaration.js'
import type { DocumentBody } from './message-class.js'
import { attachContract, type MessageContract } from './message-contract.js'
import type { DocumentOptions } from './message-options.js'

/** Makes the class of a document. Its type is the caller's matter. */
export function declareDocument(type: string, options?: DocumentOptions): unknown {
  checkType('document', type)
  checkDocumentOptions(type, options)
  const { version = 1, contentType = 'application/octet-stream', ordered = false, key } = options ?? {}
  class Declared implements DocumentBody {
    static readonly kind = 'document'
    static readonly type = type
    static readonly version = version
    static readonly contentType = contentType
    readonly body: Uint8Array

    constructor(body: unknown) {
      this.body = bytesOf(type, body)
    }

    text(): string {
      return utf8.decode(this.body)
    }
  }
  attachContract(Declared.prototype, new DocumentContract({ type, version, contentType, ordered, key }, Declared.prototype))
  // What people see of a class without a name of its own.
  Object.defineProperty(Declared, 'name', { value: type })
  return Declared
}

// A byte order mark is a byte of the document, too.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function bytesOf(type: string, body: unknown): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body)
  if (body instanceof Uint8Array) return new Uint8Array(body)
  throw new InvalidMessageError(type, [{ path: 'body', message: `expected bytes or text, received ${quote(body)}` }])
}

type Definition = Pick<MessageContract, 'type' | 'version' | 'contentType' | 'ordered'> & { readonly key: DocumentOptions['key'] }

class DocumentContract implements MessageContract {
  readonly kind = 'document'
  readonly type: string
  readonly version: number
  readonly topic: string
  readonly ordered: boolean
  readonly contentType: string
  readonly replies = false
  readonly key: string | undefined
  readonly #definition: Definition
  readonly #prototype: object

  constructor(definition: Definition, prototype: object) {
    this.type = definition.type
    this.version = definition.version
    this.topic = definition.type
    this.ordered = definition.ordered
    this.contentType = definition.contentType
    this.key = definition.key === undefined ? undefined : 'function'
    this.#definition = definition
    this.#prototype = prototype
  }

  boundTo(prototype: object): MessageContract {
    return new DocumentContract(this.#definition, prototype)
  }

  keyOf(message: object): string | undefined {
    const value: unknown = this.#definition.key?.(message as DocumentBody)
    if (value === undefined && this.key === undefined) return undefined
    if (typeof value !== 'string')
      throw new MessageDeclarationError(`The key of ${quote(this.type)} is ${quote(value)}, and a key is a text`, 'Return a text; an empty one means no key')
    return value === '' ? undefined : value
  }

  /** A copy: what is held or waits is what was sent, whatever becomes of the document meanwhile. */
  wireOf(message: object): Uint8Array {
    return bytesOf(this.type, (message as DocumentBody).body)
  }

  read(data: unknown, version: number): object {
    if (version > this.version) throw new UnknownTypeError(this.type, version, this.version)
    if (!(data instanceof Uint8Array)) throw new InvalidMessageError(this.type, [{ path: 'body', message: `expected bytes, received ${quote(data)}` }])
    const document = Object.create(this.#prototype) as { body: Uint8Array }
    // A copy: what a handler does to its document must not reach the bytes that a retry reads.
    document.body = data.slice()
    return document
  }

  writeReply(): undefined {
    return undefined
  }

  readReply(): undefined {
    return undefined
  }
}
