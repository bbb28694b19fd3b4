/** Why a run is given up: not the handler's failure. Never leaves this process. */
export class AbandonedError extends Error {
  readonly reason: 'lock-lost' | 'stopping'

  constructor(reason: 'lock-lost' | 'stopping') {
    super(reason)
    this.name = 'AbandonedError'
    this.reason = reason
  }
}
