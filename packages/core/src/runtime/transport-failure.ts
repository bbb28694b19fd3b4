import { TransportError } from '../errors/index.js'

/** A broker's own error, told as ours: once, however many layers it passes. What says nothing about it is not retryable. */
export function transportFailure(transport: string, doing: string, cause: unknown): TransportError {
  if (cause instanceof TransportError) return cause
  const retryable = typeof cause === 'object' && cause !== null && 'retryable' in cause && cause.retryable === true
  return new TransportError(transport, doing, cause, retryable)
}
