import { inspect } from 'node:util'

const longest = 600

/** A value for people, on one line. */
export function show(value: unknown): string {
  const text =
    value instanceof Error
      ? errorText(value)
      : inspect(value, { depth: 5, compact: true, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 40, maxStringLength: 200 })
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

const errorText = (error: Error): string => `${error.name}${'code' in error ? ` ${String(error.code)}` : ''}: ${error.message.split('\n', 1)[0]}`
