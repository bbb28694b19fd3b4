import { quote } from './quote.js'

/** What a cause says of itself, for the text of an error or a log line. Never throws: clients of brokers, and users, throw anything. */
export function causeText(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return String(cause)
  try {
    const { message } = cause as { readonly message?: unknown }
    return typeof message === 'string' ? message : quote(cause)
  } catch {
    return quote(cause)
  }
}
