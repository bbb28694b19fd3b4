import { checkMessageOptions, checkType } from './check-declaration.js'
import { Declaration, type Definition } from './declaration.js'
import { attachContract } from './message-contract.js'
import type { Schema } from './schema.js'

interface Given {
  readonly schema: Schema | undefined
  readonly options: object | undefined
}

/** Makes the class of a declaration. Its type is the caller's matter. */
export function declareMessage(kind: Definition['kind'], type: string, { schema = noData, options }: Given): unknown {
  checkType(kind, type)
  checkMessageOptions(kind, type, { schema, options })
  const definition = define(kind, type, { schema, options })
  class Declared {
    static readonly kind = kind
    static readonly type = type
    static readonly version = definition.version
    static readonly schema = schema
    static readonly reply = definition.reply

    static parse(this: { readonly prototype: object }, data: unknown): object {
      return declaration.fill(Object.create(this.prototype) as object, data)
    }

    constructor(data: unknown = {}) {
      declaration.fill(this, data)
    }
  }
  const declaration = new Declaration(definition, Declared.prototype)
  attachContract(Declared.prototype, declaration)
  // What people see of a class without a name of its own, `const Ping = Command('net.ping')`.
  Object.defineProperty(Declared, 'name', { value: type })
  return Declared
}

function define(kind: Definition['kind'], type: string, { schema, options }: { readonly schema: Schema; readonly options: object | undefined }): Definition {
  const { version = 1, topic = type, ordered = false, reply, key, encode, upcast = {} } = (options ?? {}) as Partial<Definition>
  return { kind, type, schema, version, topic, ordered, reply, key, encode, upcast }
}

/** The schema of a message that has no data: takes any object, keeps nothing of it. */
const noData: Schema = {
  '~standard': {
    version: 1,
    vendor: 'waybill',
    validate: (data) => (typeof data === 'object' && data !== null && !Array.isArray(data) ? { value: {} } : { issues: [{ message: 'expected an object' }] }),
  },
}
