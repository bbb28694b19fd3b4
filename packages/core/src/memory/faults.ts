import type { Outgoing, SendFailure } from '../contract/index.js'
import { refusedByDoor } from './errors.js'

interface Fault {
  /** How often it happens. @default 1 */
  readonly times?: number
  /** Only to this bus. @default every bus */
  readonly instanceId?: string
  /** Called each time it happens: a test sees that it did. */
  readonly happened?: () => void
}

/** Which messages are not confirmed, and what the sender is told. */
export type SendFault = Fault & {
  /** Counts and meets only these. @default every message */
  readonly where?: (message: Outgoing) => boolean
  /** @default true */
  readonly retryable?: boolean
  /** @default an error with the code WAYBILL_REFUSED */
  readonly cause?: unknown
} & ({ readonly outcome?: 'refused' } | { readonly outcome: 'unknown'; /** Whether the broker has it all the same. */ readonly taken: boolean })

/** Which settlements do not reach the broker. */
export interface SettlementFault extends Fault {}

/** Which connections are refused, and whether the transport tries again. */
export interface ConnectionFault extends Fault {
  /** False ends the attempts of the transport. @default true */
  readonly retryable?: boolean
  /** Says by its own `retryable` whether the transport goes on. @default an error with the code WAYBILL_REFUSED */
  readonly cause?: Error
}

/** Whose sends get no answer, and whether the broker has the messages meanwhile. */
export interface HoldOptions {
  /** True: the broker takes what is sent and only the confirmation waits. False: nothing reaches it. @default false */
  readonly taken?: boolean
  readonly instanceId?: string
  /** Called for each native request that is held up: a test sees that one was. */
  readonly happened?: () => void
}

interface Armed<Options extends Fault> {
  readonly options: Options
  left: number
}

/** What a test has told the broker to do wrong. */
export class Faults {
  readonly #sends = new Set<Armed<SendFault>>()
  readonly #settlements = new Set<Armed<SettlementFault>>()
  readonly #connections = new Set<Armed<ConnectionFault>>()
  #hold: Hold | undefined

  /** Returns the function that ends it. */
  failSends(options: SendFault): () => void {
    return arm(this.#sends, options)
  }

  failSettlements(options: SettlementFault): () => void {
    return arm(this.#settlements, options)
  }

  failConnections(options: ConnectionFault): () => void {
    return arm(this.#connections, options)
  }

  hold(options: HoldOptions): void {
    this.#hold ??= new Hold(options)
  }

  resume(): void {
    const hold = this.#hold
    this.#hold = undefined
    hold?.resume()
  }

  /** What holds the sends of this bus up. */
  holdOf(instanceId: string): Hold | undefined {
    const hold = this.#hold
    return hold === undefined || (hold.options.instanceId ?? instanceId) !== instanceId ? undefined : hold
  }

  ofSend(message: Outgoing, instanceId: string): (Omit<SendFailure, 'index'> & { readonly taken: boolean }) | undefined {
    if (this.#sends.size === 0) return undefined
    const fault = strike(this.#sends, instanceId, ({ where }) => where === undefined || where(message))
    if (fault === undefined) return undefined
    const retryable = fault.retryable ?? true
    const cause = fault.cause ?? refusedByDoor(retryable)
    return fault.outcome === 'unknown' ? { outcome: 'unknown', retryable, cause, taken: fault.taken } : { outcome: 'refused', retryable, cause, taken: false }
  }

  ofSettlement(instanceId: string): boolean {
    return this.#settlements.size > 0 && strike(this.#settlements, instanceId) !== undefined
  }

  ofConnection(instanceId: string): Error | undefined {
    const fault = strike(this.#connections, instanceId)
    return fault === undefined ? undefined : (fault.cause ?? refusedByDoor(fault.retryable ?? true))
  }
}

/** Sends wait here until the test resumes them, their signal aborts, or their connection ends. */
export class Hold {
  readonly options: HoldOptions
  readonly #resumed = Promise.withResolvers<'resumed'>()

  constructor(options: HoldOptions) {
    this.options = options
  }

  resume(): void {
    this.#resumed.resolve('resumed')
  }

  wait(signal: AbortSignal, lost: AbortSignal): Promise<'resumed' | 'ended'> {
    this.options.happened?.()
    return new Promise((resolve) => {
      const done = new AbortController()
      const finish = (how: 'resumed' | 'ended'): void => {
        done.abort()
        resolve(how)
      }
      signal.addEventListener('abort', () => finish('ended'), { signal: done.signal })
      lost.addEventListener('abort', () => finish('ended'), { signal: done.signal })
      void this.#resumed.promise.then(finish)
    })
  }
}

function arm<Options extends Fault>(faults: Set<Armed<Options>>, options: Options): () => void {
  const armed = { options, left: options.times ?? 1 }
  faults.add(armed)
  return () => void faults.delete(armed)
}

function strike<Options extends Fault>(
  faults: Set<Armed<Options>>,
  instanceId: string,
  meets: (options: Options) => boolean = () => true,
): Options | undefined {
  for (const armed of faults) {
    if ((armed.options.instanceId ?? instanceId) !== instanceId || !meets(armed.options)) continue
    armed.left -= 1
    if (armed.left <= 0) faults.delete(armed)
    armed.options.happened?.()
    return armed.options
  }
  return undefined
}
