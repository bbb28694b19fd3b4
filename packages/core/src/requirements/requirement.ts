/** What the registered handlers and options need of a transport. */
export type Requirement =
  | { readonly need: 'own address'; readonly by: string }
  /** `policy`: somebody asked for it; `default`: nobody did, so a broker without delay is no mistake. */
  | { readonly need: 'delayed retry'; readonly by: string; readonly delaysMs: readonly number[]; readonly asked: 'policy' | 'default' }
  | { readonly need: 'order by key'; readonly by: string; readonly key: string }
  | { readonly need: 'one log'; readonly by: string; readonly topics: readonly string[] }
  /** Where order is kept, what is tried again later holds its key meanwhile. */
  | { readonly need: 'waits in order'; readonly by: string; readonly totalMs: number }
  | { readonly need: 'replies'; readonly by: string }
  | { readonly need: 'awaited events'; readonly by: string }
  | { readonly need: 'message size'; readonly by: string }
  | { readonly need: 'unroutable'; readonly by: string }
  | { readonly need: 'crash quarantine'; readonly by: string }
  | { readonly need: 'idempotency'; readonly by: string; readonly durability: 'process' | 'disk'; readonly acceptsMemory: boolean }
  | { readonly need: 'lock'; readonly by: string; readonly handlerTimeoutMs: number }
  | { readonly need: 'durability'; readonly by: string }
  /** Where there is a schedule store. */
  | { readonly need: 'schedule'; readonly by: string; readonly pollMs: number }

/** How a transport meets a need: by itself, with core's help, with less than was asked for, or not at all. What is impossible refuses to start. */
export type Provided = 'native' | 'emulated' | 'degraded' | 'impossible'

/** One line of the report at start. */
export interface ReportRow {
  readonly need: Requirement['need']
  /** The endpoint, handler or message. */
  readonly by: string
  readonly provided: Provided
  readonly detail: string
  /** What to do, where it is impossible. */
  readonly fix?: string
}

/** What the transport gives for what the bus needs. */
export interface StartReport {
  readonly bus: string
  readonly transport: string
  readonly rows: readonly ReportRow[]
  /** The same as a table for people. */
  readonly text: string
}
