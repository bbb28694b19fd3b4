import type { Logger } from '@waybill/core'
import type { HistoryRecorder } from './history-recorder.js'

export interface LogRecord {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error'
  readonly text: string
  readonly fields: object
  readonly expected: boolean
}

/** What a scenario says beforehand of its log: a level, a part of a text, or a pattern. */
export type LogPattern = RegExp | string

/** The log of all buses of a scenario. From warn on every record must have been expected. */
export class RecordingLog {
  readonly records: LogRecord[] = []
  readonly #recorder: HistoryRecorder
  readonly #expected: LogPattern[] = []

  constructor(recorder: HistoryRecorder) {
    this.#recorder = recorder
  }

  expect(pattern: LogPattern): void {
    this.#expected.push(pattern)
  }

  get surprises(): readonly LogRecord[] {
    return this.records.filter(({ level, expected }) => (level === 'warn' || level === 'error') && !expected)
  }

  logger(): Logger {
    const at =
      (level: LogRecord['level']) =>
      (fields: object, text: string): void => {
        const expected = this.#expected.some((pattern) => pattern === level || (typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text)))
        this.records.push({ level, text, fields, expected })
        this.#recorder.note({ kind: 'logged', level, text, expected })
      }
    return { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  }
}
