import { causeText, InvalidMessageError, MessageDeclarationError, quote, UnknownTypeError, type Issue } from '../errors/index.js'
import type { MessageContract } from './message-contract.js'
import type { Upcaster } from './message-options.js'
import { proveReadBack, type Subject } from './prove-read-back.js'
import type { Schema } from './schema.js'
import { validate } from './validate.js'

/** What a declaration says, with its defaults. */
export interface Definition {
  readonly kind: 'command' | 'query' | 'event'
  readonly type: string
  readonly schema: Schema
  readonly version: number
  readonly topic: string
  readonly ordered: boolean
  readonly reply: Schema | undefined
  readonly key: string | ((data: never) => unknown) | undefined
  readonly encode: ((data: never) => unknown) | undefined
  readonly upcast: Readonly<Record<number, Upcaster>>
}

/** What is proven once per declaration, on its first instance. */
interface Proofs {
  output: boolean
  instance: boolean
  reply: boolean
}

/** The contract of a message whose data has a schema. */
export class Declaration implements MessageContract {
  readonly kind: Definition['kind']
  readonly type: string
  readonly version: number
  readonly topic: string
  readonly ordered: boolean
  readonly contentType = 'application/json'
  readonly replies: boolean
  readonly key: string | undefined
  readonly #definition: Definition
  readonly #prototype: object
  readonly #proofs: Proofs

  constructor(definition: Definition, prototype: object, proofs: Proofs = { output: false, instance: false, reply: false }) {
    this.kind = definition.kind
    this.type = definition.type
    this.version = definition.version
    this.topic = definition.topic
    this.ordered = definition.ordered
    this.replies = definition.reply !== undefined
    this.key = typeof definition.key === 'function' ? 'function' : definition.key
    this.#definition = definition
    this.#prototype = prototype
    this.#proofs = proofs
  }

  boundTo(prototype: object): MessageContract {
    return new Declaration(this.#definition, prototype, this.#proofs)
  }

  /** Writes the validated data on a new instance. */
  fill<M extends object>(instance: M, data: unknown): M {
    const validated = validate(this.#definition.schema, data)
    if (validated.issues !== undefined) {
      // A schema that has answered at once is not asynchronous: then the data makes it throw.
      if (validated.deferred && !this.#proofs.output) throw new MessageDeclarationError(`${quote(this.type)}: ${validated.issues[0]?.message}`, synchronousFix)
      throw this.#invalid(validated.issues, validated.cause)
    }
    if (!this.#proofs.output) this.#prove(validated.value)
    return this.#assign(instance, validated.value)
  }

  keyOf(message: object): string | undefined {
    const { key } = this.#definition
    if (key === undefined) return undefined
    const value: unknown = typeof key === 'string' ? Reflect.get(message, key) : key(message as never)
    if (typeof value !== 'string') {
      throw new MessageDeclarationError(
        `The key of ${quote(this.type)} (${this.key}) is ${quote(value)}, and a key is a text`,
        'Name a text field, or return a text; an empty one means no key',
      )
    }
    return value === '' ? undefined : value
  }

  wireOf(message: object): unknown {
    // A second time, on the instance: fields that its class adds after the constructor of this declaration are seen here.
    if (!this.#proofs.instance) {
      proveReadBack(this.#subject(), message)
      this.#proofs.instance = true
    }
    const { encode } = this.#definition
    return encode === undefined ? message : encode(message as never)
  }

  read(data: unknown, version: number): object {
    const validated = validate(this.#definition.schema, version === this.version ? data : this.#upcast(data, version))
    if (validated.issues !== undefined) throw this.#invalid(validated.issues, validated.cause)
    return this.#assign(Object.create(this.#prototype) as object, validated.value)
  }

  writeReply(value: unknown): unknown {
    const { reply } = this.#definition
    if (reply === undefined) return undefined
    const output = this.#reply(reply, value, this.#proofs.reply ? 'data' : 'declaration')
    if (!this.#proofs.reply) {
      proveReadBack(
        { name: `The reply of ${quote(this.type)}`, schema: reply, encode: undefined, fix: 'Use a codec in the reply schema, and null instead of undefined' },
        output,
      )
      this.#proofs.reply = true
    }
    if (output === undefined) throw new InvalidMessageError(this.type, [{ path: '', message: 'JSON has no word for undefined; return null' }], 'reply')
    return output
  }

  readReply(data: unknown): unknown {
    const { reply } = this.#definition
    return reply === undefined ? undefined : this.#reply(reply, data, 'data')
  }

  /** `blame`: what a promise of the schema speaks against. */
  #reply(schema: Schema, value: unknown, blame: 'declaration' | 'data'): unknown {
    const validated = validate(schema, value)
    if (validated.issues === undefined) return validated.value
    if (validated.deferred && blame === 'declaration')
      throw new MessageDeclarationError(`The reply of ${quote(this.type)}: ${validated.issues[0]?.message}`, synchronousFix)
    throw new InvalidMessageError(this.type, validated.issues, 'reply', { cause: validated.cause })
  }

  #assign<M extends object>(instance: M, output: unknown): M {
    if (typeof output !== 'object' || output === null)
      throw this.#invalid([{ path: '', message: `the schema gives ${quote(output)}, and a message is an object` }])
    // An own one would replace the prototype, and with it the class.
    if (Object.hasOwn(output, '__proto__')) throw this.#invalid([{ path: '__proto__', message: 'no field can have this name' }])
    try {
      return Object.assign(instance, output)
    } catch (cause) {
      throw this.#invalid([{ path: '', message: `a field has the name of a getter of the class: ${causeText(cause)}` }], cause)
    }
  }

  #prove(output: unknown): void {
    if (typeof output !== 'object' || output === null || Array.isArray(output)) {
      throw new MessageDeclarationError(`The schema of ${quote(this.type)} gives ${quote(output)}, and a message is an object`, 'Wrap it: z.object({ … })')
    }
    proveReadBack(this.#subject(), output)
    this.#proofs.output = true
  }

  #subject(): Subject {
    const { schema, encode } = this.#definition
    const fix =
      encode === undefined
        ? 'Use a codec in the schema, or give the declaration an { encode } that writes what the schema reads'
        : 'Let encode write what the schema reads'
    return { name: quote(this.type), schema, encode, fix }
  }

  #upcast(data: unknown, version: number): unknown {
    if (version > this.version) throw new UnknownTypeError(this.type, version, this.version)
    if (!Number.isInteger(version) || version < 1)
      throw this.#invalid([{ path: '', message: `${quote(version)} is no version, which is a whole number from 1` }])
    let value = data
    for (let from = version; from < this.version; from += 1) {
      const upcast = this.#definition.upcast[from]
      if (upcast === undefined) continue
      try {
        value = upcast(value)
      } catch (cause) {
        throw this.#invalid([{ path: '', message: `the upcast from version ${from} threw: ${causeText(cause)}` }], cause)
      }
    }
    return value
  }

  #invalid(issues: readonly Issue[], cause?: unknown): InvalidMessageError {
    return new InvalidMessageError(this.type, issues, 'message', cause === undefined ? undefined : { cause })
  }
}

const synchronousFix = 'Check what has to be waited for in the handler, and let a transform report an issue instead of throwing'
