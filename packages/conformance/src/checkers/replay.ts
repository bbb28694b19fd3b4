import type { Fact, HistoryEvent } from '../history/history.js'

/** The event of one kind. */
export type EventOf<Kind extends Fact['kind']> = Extract<HistoryEvent, { readonly kind: Kind }>

type Readers = { readonly [Kind in Fact['kind']]?: (event: EventOf<Kind>) => void }

/** Reads a history from its beginning, each event by the reader of its kind. */
export function replay(history: readonly HistoryEvent[], readers: Readers): void {
  for (const event of history) (readers[event.kind] as ((event: HistoryEvent) => void) | undefined)?.(event)
}

/** The events of one kind, in their order. */
export const eventsOf = <Kind extends Fact['kind']>(history: readonly HistoryEvent[], kind: Kind): readonly EventOf<Kind>[] =>
  history.filter((event): event is EventOf<Kind> => event.kind === kind)

/** How many messages may come twice because of what was done to the broker or the process. */
export const duplicateBudget = (history: readonly HistoryEvent[]): number => eventsOf(history, 'fault-began').reduce((sum, { inFlight }) => sum + inFlight, 0)
