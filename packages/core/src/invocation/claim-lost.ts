/** Thrown when another one has taken over the row of a run: not the handler's failure. The run begins again, and its claim waits for the other. One for all, known by identity: what handlers throw may be anything. */
export const claimLost: Error = Object.freeze(new Error('another process has taken this message over'))
