import type { Capabilities, Outgoing, SendFailure, SizeLimits, Subscription, Transport, TransportHost } from '../src/contract/index.js'

/** One call of `send`, answered by the test. */
export interface ScriptedCall {
  readonly messages: readonly Outgoing[]
  readonly ids: readonly string[]
  readonly signal: AbortSignal
  readonly confirm: () => void
  readonly answer: (failures: readonly SendFailure[]) => void
  readonly reject: (cause: unknown) => void
}

export interface Script {
  readonly limits?: Partial<SizeLimits>
  readonly capabilities?: Capabilities
  readonly sizeOf?: (message: Outgoing) => number
  /** Answers each call at once; without it calls wait for the test. */
  readonly answer?: (messages: readonly Outgoing[], call: number) => readonly SendFailure[]
  readonly connect?: (host: TransportHost) => Promise<void>
  readonly close?: () => Promise<void>
}

/** A transport that records the calls of its guard and answers them as the test says. */
export class ScriptedTransport implements Transport {
  readonly name = 'scripted'
  readonly capabilities: Capabilities
  readonly calls: ScriptedCall[] = []
  readonly sizeOf?: (message: Outgoing) => number
  readonly #script: Script
  connects = 0
  closes = 0

  constructor(script: Script = {}) {
    const limits: SizeLimits = { messageBytes: 256 * 1024, batchCount: 10, batchBytes: 256 * 1024, ...script.limits }
    this.#script = script
    this.capabilities = script.capabilities ?? { limits: { endpoint: limits, topic: limits } }
    if (script.sizeOf !== undefined) this.sizeOf = script.sizeOf
  }

  async connect(host: TransportHost): Promise<void> {
    this.connects += 1
    await this.#script.connect?.(host)
  }

  async close(): Promise<void> {
    this.closes += 1
    await this.#script.close?.()
  }

  send(messages: readonly Outgoing[], signal: AbortSignal): Promise<readonly SendFailure[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly SendFailure[]>()
    const ids = messages.map(({ envelope }) => envelope.id)
    this.calls.push({ messages, ids, signal, confirm: () => resolve([]), answer: resolve, reject })
    if (this.#script.answer !== undefined) resolve(this.#script.answer(messages, this.calls.length - 1))
    return promise
  }

  provision(): Promise<readonly []> {
    return Promise.resolve([])
  }

  subscribe(): Promise<Subscription> {
    return Promise.reject(Object.assign(new Error('no such endpoint'), { retryable: false }))
  }

  /** The ids of each call so far. */
  get sent(): readonly (readonly string[])[] {
    return this.calls.map(({ ids }) => ids)
  }

  /** The last call, which must exist. */
  get last(): ScriptedCall {
    const call = this.calls.at(-1)
    if (call === undefined) throw new Error('Nothing was sent')
    return call
  }
}

export function refused(index: number, init: { readonly retryable?: boolean; readonly cause?: unknown } = {}): SendFailure {
  return { index, outcome: 'refused', retryable: init.retryable ?? true, cause: init.cause ?? new Error('busy') }
}

export function unknown(index: number, init: { readonly retryable?: boolean; readonly cause?: unknown } = {}): SendFailure {
  return { index, outcome: 'unknown', retryable: init.retryable ?? true, cause: init.cause ?? new Error('connection lost') }
}
