/** One check that did not hold. Only `bound` and `check` and `invariant` are assertions; `error` is a scenario that broke. */
export interface Failure {
  /** The name of the check, the id of the invariant, or what the guard of the runner is called. */
  readonly check: string
  readonly kind: 'check' | 'bound' | 'invariant' | 'guard' | 'error'
  readonly expected?: string
  readonly actual?: string
}

/** Ends a scenario whose failure is on record: what comes after a bound that is over would only repeat it. */
export class ScenarioEnded extends Error {
  constructor(check: string) {
    super(`${check}: the scenario ended here`)
    this.name = 'ScenarioEnded'
  }
}
