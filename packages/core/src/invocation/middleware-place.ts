import { HandlerStep } from './handler-step.js'

const place = new HandlerStep('middleware', () => (context, next) => next(context))

/** Where the middleware of the bus, the endpoint and the handler runs, in this order. A list without it has it at its end, around the handler. */
export const middleware = (): HandlerStep => place
