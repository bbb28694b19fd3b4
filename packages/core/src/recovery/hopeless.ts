import { MessageError, UnrecoverableError } from '../errors/index.js'

/** Errors that trying again cannot mend: bad messages, and what the user says is unrecoverable. */
export const isHopeless = (error: Error): boolean => error instanceof MessageError || error instanceof UnrecoverableError
