import { expect, it } from 'vitest'
import type { HistoryEvent } from './history.js'
import { fromJsonLines, toJsonLines } from './json-lines.js'

it('a history comes back from its lines as it was', () => {
  const history: readonly HistoryEvent[] = [
    { seq: 1, at: 1, kind: 'publish-started', message: 'm1', to: 'orders', instance: 'i1', sequence: 1, key: 'a\nb' },
    { seq: 2, at: 2, kind: 'publish-ended', message: 'm1', outcome: 'unknown' },
  ]
  expect(toJsonLines(history).split('\n')).toHaveLength(3)
  expect(fromJsonLines(toJsonLines(history))).toEqual(history)
  expect(fromJsonLines('')).toEqual([])
})
