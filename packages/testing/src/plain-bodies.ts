import type { Middleware } from '@waybill/core'

/** Where wire steps compress or encrypt, the record needs what they were given. */
export class PlainBodies {
  readonly #plain = new WeakMap<Uint8Array, Uint8Array>()

  /** Stands in front of all other wire steps, and changes nothing. */
  readonly middleware: Middleware = {
    name: 'testing',
    outgoing: {
      wire: async (context, next) => {
        const plain = context.body
        const sent = await next(context)
        this.#plain.set(context.body, plain)
        return sent
      },
    },
  }

  /** The body as it was serialized. */
  of(body: Uint8Array): Uint8Array {
    return this.#plain.get(body) ?? body
  }
}
