import type { Logger } from './logger.js'

/** A logger whose failures stay its own: no message is lost or handled twice because a line could not be written. The first failure is told by a warning of the process. */
export function guardedLogger(logger: Logger): Logger {
  let told = false
  const at =
    (level: keyof Logger): Logger[typeof level] =>
    (fields, message) => {
      try {
        logger[level](fields, message)
      } catch (error) {
        if (told) return
        told = true
        process.emitWarning(
          `The logger of a bus threw while it wrote ${JSON.stringify(message)}: ${error instanceof Error ? error.message : typeof error}. Mend the logger; the bus goes on`,
          'WaybillWarning',
        )
      }
    }
  return { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
