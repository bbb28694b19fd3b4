/** One thing that does not go on by itself. */
export interface Stuck {
  /** `handler`: it has not ended; `message`: nobody has taken it up; `send`: the broker has not taken it; `request`: its reply has not come; `call`: it has not returned. */
  readonly what: 'handler' | 'message' | 'send' | 'request' | 'call'
  /** The endpoint, and the handler where one runs; the bus of what it sends. */
  readonly where: string
  readonly type: string
  readonly id: string
  /** Virtual time since the harness began. */
  readonly sinceMs: number
  /** What it seems to wait for. */
  readonly note: string
}
