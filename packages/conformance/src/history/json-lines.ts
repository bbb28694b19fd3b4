import type { HistoryEvent } from './history.js'

/** A history as JSON, one fact per line. */
export const toJsonLines = (history: readonly HistoryEvent[]): string => history.map((event) => `${JSON.stringify(event)}\n`).join('')

/** The history in such a text. */
export const fromJsonLines = (text: string): readonly HistoryEvent[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as HistoryEvent)
