/** What may be told of an error. Texts only: they go into headers, logs and replies. */
export interface ErrorFacts {
  readonly name: string
  readonly message: string
  readonly stack: string
  readonly code: string | undefined
}

/** Never throws: the getters of an error that users throw may, and its fields may be anything. */
export function errorFacts(error: Error): ErrorFacts {
  return {
    name: filled(textIn(error, 'name')) ?? 'Error',
    message: textIn(error, 'message') ?? 'an error whose message cannot be read',
    // On demand: formatting a stack costs more than the rest of a retry.
    get stack() {
      return textIn(error, 'stack') ?? ''
    },
    code: filled(textIn(error, 'code')),
  }
}

/** An empty code is none: whoever reads a fault by it would take it for a reply. */
const filled = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

function textIn(error: Error, field: string): string | undefined {
  try {
    const value: unknown = Reflect.get(error, field)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
