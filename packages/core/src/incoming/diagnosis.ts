import { errorFacts, type ErrorFacts } from '../errors/index.js'
import { systemHeader } from './system-headers.js'

/** Why a message becomes a dead letter. */
export interface DeadLetterCause {
  /** `*` for what fails before any handler. */
  readonly handler: string
  readonly reason: string
  readonly error: Error | undefined
  readonly failures: number
}

/** What a dead letter that does not fit can do without, the dearest last. */
export const shedFirst = [systemHeader.errorStack, systemHeader.errorMessage, systemHeader.errorName] as const

const longestName = 256
const longestMessage = 2_048
const longestStack = 8_192

/** The headers that tell whoever looks at the dead letter what happened. Texts are cut: they share the size of the message. */
export function diagnose({ handler, reason, error, failures }: DeadLetterCause, endpoint: string, time: string): Record<string, string> {
  return {
    [systemHeader.reason]: reason,
    [systemHeader.deadLetterEndpoint]: endpoint,
    [systemHeader.deadLetterHandler]: handler,
    [systemHeader.deadLetterAttempts]: String(failures),
    [systemHeader.deadLetterTime]: time,
    ...(error === undefined ? undefined : failureOf(errorFacts(error))),
  }
}

function failureOf({ name, message, stack, code }: ErrorFacts): Record<string, string> {
  return {
    ...(code === undefined ? undefined : { [systemHeader.errorCode]: code.slice(0, longestName) }),
    [systemHeader.errorName]: name.slice(0, longestName),
    [systemHeader.errorMessage]: message.slice(0, longestMessage),
    [systemHeader.errorStack]: stack.slice(0, longestStack),
  }
}
