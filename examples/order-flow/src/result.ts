import type { Order } from './orders/order-book.js'
import type { MessageNode } from './transcript/conversation.js'

/** What a run came to. */
export interface Result {
  /** Without a password. */
  readonly transport: string
  readonly read: number
  readonly accepted: number
  readonly rejected: number
  readonly shipped: number
  readonly deadLettered: number
  /** Orders that were charged at a later attempt than the first. */
  readonly retried: number
  readonly rejections: ReadonlyMap<string, number>
  readonly deadLetters: ReadonlyMap<string, number>
  /** From the command to the shipped order; `undefined` when none was shipped. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | undefined
  readonly seconds: number
  /** Orders that are neither shipped nor dead-lettered, when the deadline was over. */
  readonly missing: readonly string[]
  /** One command of them all, and everything that it caused. */
  readonly conversation: MessageNode | undefined
  /** What GetOrder answers about its order, when that was shipped. */
  readonly order: Order | undefined
}

/** What is wrong with the numbers: each order that was read has come to exactly one end. */
export function imbalances({ read, accepted, rejected, shipped, deadLettered }: Result): string[] {
  const wrong: string[] = []
  if (accepted + rejected !== read) wrong.push(`${accepted} accepted + ${rejected} rejected are not the ${read} read`)
  if (shipped + deadLettered !== accepted) wrong.push(`${shipped} shipped + ${deadLettered} dead-lettered are not the ${accepted} accepted`)
  return wrong
}

/** The result as a value for JSON. */
export function resultJson(result: Result): object {
  const { rejections, deadLetters, latencyMs, conversation, order, ...rest } = result
  return {
    ...rest,
    rejections: Object.fromEntries(rejections),
    deadLetters: Object.fromEntries(deadLetters),
    latencyMs: latencyMs ?? null,
    conversation: conversation ?? null,
    order: order ?? null,
  }
}
