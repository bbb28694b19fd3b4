import { ConfigurationError, type AnyMessageClass, type MessageOf } from '@waybill/core'

interface Declared {
  readonly type?: unknown
  readonly parse?: (data: unknown) => object
}

/** The type that a class declares. Throws for what is no message class: a record of nothing would look like a service that sends nothing. */
export function typeOf(declared: AnyMessageClass): string {
  const type = (declared as Declared | undefined)?.type
  if (typeof type === 'string') return type
  const what = typeof declared === 'function' ? `the class ${(declared as { readonly name: string }).name}` : String(declared)
  throw new ConfigurationError('What was sent cannot be found', [
    { what: `${what} declares no message`, fix: 'Pass a class made by Command(), Query(), Event() or Document().' },
  ])
}

/** The message in a body, by the reading of its own class: schema, prototype, getters. Runs no constructor but a document's. */
export function readMessage<C extends AnyMessageClass>(declared: C, body: Uint8Array): MessageOf<C> {
  const { parse } = declared as Declared
  // A document is its bytes: its constructor copies them.
  const message: unknown = parse === undefined ? Reflect.construct(declared, [body]) : parse.call(declared, JSON.parse(new TextDecoder().decode(body)))
  return message as MessageOf<C>
}
