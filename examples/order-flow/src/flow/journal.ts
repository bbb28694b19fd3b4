import { currentContext, type MessageContext, type Middleware } from '@waybill/core'
import { injectable } from 'inversify'
import { Batch } from './batch.js'

/** One attempt of one handler on one message. */
export interface Run {
  /** The class of the message. */
  readonly message: string
  readonly id: string
  readonly kind: 'command or query' | 'event'
  readonly causationId: string | undefined
  readonly endpoint: string
  readonly handler: string
  readonly attempt: number
  readonly startedAtMs: number
  readonly durationMs: number
  /** The name of the error, when it failed. */
  readonly error: string | undefined
}

/** Which handler sent a message: the envelope names the message that caused it, which several may have handled. */
export interface Cause {
  readonly message: string
  readonly causationId: string
  readonly endpoint: string
  readonly handler: string
}

/** Sees every attempt of every handler: counts the retries of a batch, and writes down one conversation. */
@injectable()
export class Journal {
  readonly runs: Run[] = []
  readonly causes: Cause[] = []
  readonly #retried = new Set<string>()
  #batch: string | undefined
  #conversation: string | undefined

  /** Messages of other batches are not counted; of the conversation everything is kept. */
  follow({ batch, conversation }: { readonly batch: string; readonly conversation: string | undefined }): void {
    this.#batch = batch
    this.#conversation = conversation
  }

  /** Messages that a handler got done at a later attempt than the first. */
  get retried(): number {
    return this.#retried.size
  }

  readonly middleware: Middleware = {
    name: 'journal',
    incoming: {
      message: async (context, next) => {
        const startedAtMs = performance.now()
        try {
          const settlement = await next(context)
          this.#ran(context, startedAtMs, undefined)
          return settlement
        } catch (error) {
          this.#ran(context, startedAtMs, error)
          throw error
        }
      },
    },
    outgoing: {
      message: (context, next) => {
        const cause = currentContext()
        if (cause !== undefined && this.#follows(cause)) {
          this.causes.push({ message: context.message.constructor.name, causationId: cause.id, endpoint: cause.endpoint, handler: cause.handler })
        }
        return next(context)
      },
    },
  }

  #ran(context: MessageContext, startedAtMs: number, error: unknown): void {
    const { id, endpoint, handler, attempt, type, causationId } = context
    if (error === undefined && attempt > 1 && context.find(Batch) === this.#batch) this.#retried.add(`${endpoint}/${handler}/${id}`)
    if (!this.#follows(context)) return
    this.runs.push({
      message: context.message.constructor.name,
      id,
      // The id of a command's handler is the type of the command, unless it names another one.
      kind: handler === type ? 'command or query' : 'event',
      causationId,
      endpoint,
      handler,
      attempt,
      startedAtMs,
      durationMs: performance.now() - startedAtMs,
      error: error === undefined ? undefined : error instanceof Error ? error.name : 'a value that is no error',
    })
  }

  #follows(context: MessageContext): boolean {
    return this.#conversation !== undefined && context.correlationId === this.#conversation
  }
}
