import { channel } from 'node:diagnostics_channel'
import type { Destination, TransportFault } from '../contract/index.js'
import type { OptionProblem } from '../wire/index.js'

/** Every error that Waybill makes is announced here as it is made. */
const errors = channel('waybill:error')

/** Why the memory broker, or the transport before it, did not do what it was asked. Core knows it by its shape. */
export class MemoryError extends Error implements TransportFault {
  readonly code: `WAYBILL_${string}`
  readonly retryable: boolean
  readonly advice: string

  constructor(
    code: `WAYBILL_${string}`,
    what: string,
    { retryable, advice, cause }: { readonly retryable: boolean; readonly advice: string; readonly cause?: unknown },
  ) {
    super(`${what} (${code})`, cause === undefined ? undefined : { cause })
    this.name = 'MemoryError'
    this.code = code
    this.retryable = retryable
    this.advice = advice
    if (errors.hasSubscribers) errors.publish({ code, message: this.message, advice })
  }
}

/** Nothing has this name on the broker: `WAYBILL_UNROUTABLE`; retryable only for a subscription that was receiving, whose endpoint may come back. */
export function unroutable(to: Destination, { retryable }: { readonly retryable: boolean } = { retryable: false }): MemoryError {
  const what = to.kind === 'address' ? `the address ${quote(to.address)}` : `the ${to.kind} ${quote(to.name)}`
  const advice = to.kind === 'address' ? 'the subscription that minted it has ended; ask for a new one' : `is the ${to.kind} ${quote(to.name)} provisioned?`
  return new MemoryError('WAYBILL_UNROUTABLE', `The memory broker does not have ${what}`, { retryable, advice })
}

/** `WAYBILL_MESSAGE_TOO_LARGE`, not retryable. */
export function messageTooLarge(type: string, bytes: number, limit: number): MemoryError {
  return new MemoryError('WAYBILL_MESSAGE_TOO_LARGE', `${quote(type)} takes ${bytes} bytes, and the limit is ${limit}`, {
    retryable: false,
    advice: 'send less, compress it, or keep the body elsewhere and send a claim check',
  })
}

/** More in one call than one request may hold: `WAYBILL_BATCH_TOO_LARGE`, not retryable. */
export function batchTooLarge(what: 'messages' | 'bytes', size: number, limit: number): MemoryError {
  return new MemoryError('WAYBILL_BATCH_TOO_LARGE', `One call holds ${size} ${what}, and the limit is ${limit}`, { retryable: false, advice: 'split the call' })
}

/** The transport's capabilities do not have it, by nature or because options narrowed them: `WAYBILL_NOT_SUPPORTED`, not retryable. */
export function notSupported(feature: string, advice: string): MemoryError {
  return new MemoryError('WAYBILL_NOT_SUPPORTED', `The memory transport has no ${feature}`, { retryable: false, advice })
}

/** Order, where options have narrowed it away. */
export function noOrdering(): MemoryError {
  return notSupported('ordering', 'declare the messages without `ordered`, or choose a transport that keeps order')
}

/** The connection is lost or not open yet: `WAYBILL_DISCONNECTED`, retryable. */
export function disconnected(broker: string): MemoryError {
  return new MemoryError('WAYBILL_DISCONNECTED', `The connection to the memory broker ${quote(broker)} is lost`, {
    retryable: true,
    advice: 'it reconnects by itself',
  })
}

/** The transport was closed: `WAYBILL_TRANSPORT_CLOSED`, not retryable. */
export function closed(broker: string): MemoryError {
  return new MemoryError('WAYBILL_TRANSPORT_CLOSED', `The transport of the memory broker ${quote(broker)} is closed`, {
    retryable: false,
    advice: 'a transport serves one start: create another',
  })
}

/** An `original` that is no native form of this transport: `WAYBILL_FOREIGN_ORIGINAL`, not retryable. */
export function foreignOriginal(native: string, options?: ErrorOptions): MemoryError {
  return new MemoryError('WAYBILL_FOREIGN_ORIGINAL', `${quote(native)} is no native form of the memory transport`, {
    ...options,
    retryable: false,
    advice: 'forward an original on the transport that delivered it',
  })
}

/** What a fault door says when it is given no cause: `WAYBILL_REFUSED`, retryable as the door says. */
export function refusedByDoor(retryable: boolean): MemoryError {
  return new MemoryError('WAYBILL_REFUSED', 'The memory broker was told to refuse', { retryable, advice: 'end the fault that the test has armed' })
}

/** All problems of the options at once: `WAYBILL_MEMORY_OPTIONS`, not retryable. */
export function badOptions(problems: readonly OptionProblem[]): MemoryError {
  return wrongOptions("The memory transport's options", problems)
}

/** The same, of `memoryInbox`. */
export function badInboxOptions(problems: readonly OptionProblem[]): MemoryError {
  return wrongOptions("The memory inbox's options", problems)
}

function wrongOptions(whose: string, problems: readonly OptionProblem[]): MemoryError {
  const lines = problems.map(({ what, fix }, index) => `  ${index + 1}. ${what}\n     ${fix}`)
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new MemoryError('WAYBILL_MEMORY_OPTIONS', `${whose}: ${count}\n${lines.join('\n')}\n `, {
    retryable: false,
    advice: problems[0]?.fix ?? '',
  })
}

const longest = 80

function quote(text: string): string {
  const quoted = JSON.stringify(text)
  return quoted.length > longest ? `${quoted.slice(0, longest - 1)}…` : quoted
}
