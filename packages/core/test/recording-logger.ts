import type { Logger } from '../src/logging/logger.js'

export interface Line {
  readonly level: keyof Logger
  readonly fields: object
  readonly message: string
}

export interface RecordingLogger extends Logger {
  readonly lines: readonly Line[]
  /** The messages of one level. */
  of(level: keyof Logger): readonly string[]
}

export function recordingLogger(): RecordingLogger {
  const lines: Line[] = []
  const record =
    (level: keyof Logger) =>
    (fields: object, message: string): void =>
      void lines.push({ level, fields, message })
  return {
    lines,
    of: (level) => lines.filter((line) => line.level === level).map((line) => line.message),
    trace: record('trace'),
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
  }
}
