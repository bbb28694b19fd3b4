import type { Unhandled } from '../history/readings.js'

/** Notes every rejection and exception that nobody catches, in this process, until it is told to end. */
export function watchUnhandled(note: (fact: Unhandled) => void): () => void {
  const caught = (error: unknown): void => note({ kind: 'unhandled', text: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  process.on('unhandledRejection', caught)
  process.on('uncaughtException', caught)
  return () => {
    process.off('unhandledRejection', caught)
    process.off('uncaughtException', caught)
  }
}
