/** Read natively, past the bus. `final` at quiescence, when nothing more is to come. */
export interface DepthRead {
  readonly kind: 'depth'
  readonly endpoint: string
  readonly ready: number
  readonly unsettled: number
  readonly delayed: number
  readonly final: boolean
  /** How many dead letters are expected here, for a dead-letter endpoint. */
  readonly expected?: number
}

/** A message sent after everything has healed, to see that an instance still works in a role. */
export interface Marker {
  readonly kind: 'marker'
  readonly instance: string
  readonly role: 'consumer' | 'publisher'
  readonly outcome: 'succeeded' | 'missing'
}

/** What the process or broker holds. */
export interface ResourcesRead {
  readonly kind: 'resources'
  readonly moment: 'baseline' | 'end'
  readonly counts: Readonly<Record<string, number>>
}

/** A record of the bus's logger. `expected` when the scenario said beforehand that it comes. */
export interface Logged {
  readonly kind: 'logged'
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error'
  readonly text: string
  readonly expected: boolean
}

/** A rejection or exception that nobody caught. */
export interface Unhandled {
  readonly kind: 'unhandled'
  readonly text: string
}
