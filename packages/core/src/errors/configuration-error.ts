import { WaybillError } from './waybill-error.js'

/** One thing that is wrong with a configuration, and what to do about it. */
export interface Problem {
  /** Names the handler or option, and quotes the value. */
  readonly what: string
  readonly fix: string
}

/** A programmer's mistake, found at definition or at start. Names all problems at once. */
export class ConfigurationError extends WaybillError {
  readonly problems: readonly Problem[]

  constructor(what: string, problems: readonly Problem[]) {
    super('ConfigurationError', 'WAYBILL_CONFIGURATION', `${what}: ${count(problems.length)}\n${problems.map(line).join('\n')}\n `)
    this.problems = problems
  }
}

const count = (n: number): string => (n === 1 ? '1 problem' : `${n} problems`)
const line = ({ what, fix }: Problem, index: number): string => `  ${index + 1}. ${what}\n     ${fix}`

/** A decorator or a function handler was written wrongly; found when the class is defined. */
export class HandlerDeclarationError extends WaybillError {
  constructor(what: string, fix: string) {
    super('HandlerDeclarationError', 'WAYBILL_HANDLER_DECLARATION', `${what}. ${fix}`)
  }
}

/** A message class was declared wrongly; found when it is defined or when its first instance is made. */
export class MessageDeclarationError extends WaybillError {
  constructor(what: string, fix: string, options?: ErrorOptions) {
    super('MessageDeclarationError', 'WAYBILL_MESSAGE_DECLARATION', `${what}. ${fix}`, options)
  }
}

/** The transport's package is not installed. */
export class TransportMissingError extends WaybillError {
  constructor(kind: string, tried: readonly string[], options?: ErrorOptions) {
    super(
      'TransportMissingError',
      'WAYBILL_TRANSPORT_MISSING',
      `No package for the transport ${JSON.stringify(kind)}: tried ${tried.join(' and ')}. Install it: npm install ${tried[0]}`,
      options,
    )
  }
}
