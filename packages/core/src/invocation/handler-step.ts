import type { Settlement, Step } from '../context/index.js'
import type { Outlet } from '../outgoing/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import type { HandlerContext } from './handler-context.js'
import type { Running } from './running.js'
import type { StepEndpoint } from './step-endpoint.js'

/** What the steps of an endpoint's handlers are made of, at start. */
export interface HandlerInit {
  readonly scope: BusScope
  readonly guard: GuardedTransport
  readonly outlet: Outlet
  readonly running: Running
  readonly endpoint: StepEndpoint
}

type Make = (init: HandlerInit) => Step<HandlerContext, Settlement>

let makerOf: (step: HandlerStep) => Make

/** A per-handler step of core's own, as its factory in `@waybill/core/middleware` makes it: a value for a pipeline or a list of middleware, checked and without state. Each endpoint that uses it makes its own step of it. */
export class HandlerStep {
  /** What `describe()` prints, and what a pipeline is composed by. */
  readonly name: string
  readonly #make: Make

  constructor(name: string, make: Make) {
    this.name = name
    this.#make = make
  }

  static {
    makerOf = (step) => step.#make
  }
}

/** The step itself, for one endpoint. */
export const makeStep = (step: HandlerStep, init: HandlerInit): Step<HandlerContext, Settlement> => makerOf(step)(init)
