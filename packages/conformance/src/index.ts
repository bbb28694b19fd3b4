export type { Fact, HistoryEvent } from './history/history.js'
