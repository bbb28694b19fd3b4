import type { HandlerContext } from './handler-context.js'

const runs = new WeakSet<HandlerContext>()

/** The failure of this run is not the message's: `recover` counts no attempt of it and begins the same one afresh. */
export const leaveUncounted = (context: HandlerContext): void => void runs.add(context)

export const isUncounted = (context: HandlerContext): boolean => runs.has(context)
