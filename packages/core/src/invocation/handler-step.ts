import type { Settlement, Step } from '../context/index.js'
import type { Stores } from '../contract/index.js'
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
  /** Those of the bus. */
  readonly stores: Stores
}

type Make = (init: HandlerInit) => Step<HandlerContext, Settlement>

let madeOf: (step: HandlerStep, init: HandlerInit) => Step<HandlerContext, Settlement>

/** A per-handler step of core's own, as its factory in `@waybill/core/middleware` makes it: a value for a pipeline or a list of middleware, checked and without state. Each endpoint that uses it makes one step of it, which all its handlers share. */
export class HandlerStep {
  /** What `describe()` prints, and what a pipeline is composed by. */
  readonly name: string
  readonly #make: Make
  readonly #made = new WeakMap<HandlerInit, Step<HandlerContext, Settlement>>()

  constructor(name: string, make: Make) {
    this.name = name
    this.#make = make
  }

  static {
    madeOf = (step, init) => {
      const made = step.#made.get(init) ?? step.#make(init)
      step.#made.set(init, made)
      return made
    }
  }
}

/** The step itself, for one endpoint: the same for the same `init`, so that a limit counts all handlers of the endpoint together. */
export const makeStep = (step: HandlerStep, init: HandlerInit): Step<HandlerContext, Settlement> => madeOf(step, init)
