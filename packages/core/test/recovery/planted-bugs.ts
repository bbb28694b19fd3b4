import type { SourcePatch } from '../support/patched-source.js'

/** A bug as somebody might write it, and what the property says of it. */
export interface PlantedBug extends SourcePatch {
  readonly bug: string
  readonly says: RegExp
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    bug: 'a copy that is refused for good counts as made',
    file: '/core/src/incoming/copies.ts',
    find: `          if (!paused) {`,
    replace: `          if (error instanceof Error && !error.message.includes('again')) return
          if (!paused) {`,
    says: /acknowledged, and neither done nor kept/,
  },
  {
    bug: 'a rejected handler is accepted before its dead letter is confirmed',
    file: '/core/src/incoming/dispatch.ts',
    find: `await giveUp(copies, incoming, { handler, reason: settlement.reason, error: context.failure, failures: context.failures })`,
    replace: `giveUp(copies, incoming, { handler, reason: settlement.reason, error: context.failure, failures: context.failures }).catch(() => undefined)`,
    says: /acknowledged, and neither done nor kept/,
  },
  {
    bug: 'a deferred handler is accepted before its copy is confirmed',
    file: '/core/src/incoming/dispatch.ts',
    find: `await copies.retry(incoming, { handler, failures: context.failures, delayMs: settlement.delayMs })`,
    replace: `copies.retry(incoming, { handler, failures: context.failures, delayMs: settlement.delayMs }).catch(() => undefined)`,
    says: /acknowledged, and neither done nor kept/,
  },
  {
    bug: 'what ends because the bus stops or the lock is lost counts as a failure',
    file: '/core/src/invocation/recover.ts',
    find: `if (scope.stopping || delivery.lost.aborted) return released`,
    replace: ``,
    says: /a dead letter without reason/,
  },
  {
    bug: 'a flush that failed counts as done',
    file: '/core/src/invocation/flush-outgoing.ts',
    find: `return rejected('undeliverable')`,
    replace: `return accepted`,
    says: /acknowledged, and neither done nor kept/,
  },
  {
    bug: 'a retry copy names no handler, so its siblings run again',
    file: '/core/src/incoming/copies.ts',
    find: `{ [systemHeader.targetHandler]: init.handler, [systemHeader.attempt]`,
    replace: `{ [systemHeader.attempt]`,
    says: /run again although it was done|tried more often/,
  },
  {
    bug: 'a retry copy does not count the failures',
    file: '/core/src/incoming/copies.ts',
    find: `[systemHeader.attempt]: String(init.failures)`,
    replace: `[systemHeader.attempt]: '0'`,
    says: /tried more often than its policy says/,
  },
  {
    bug: 'a run that ends after its deadline counts as done',
    file: '/core/src/invocation/call-handler.ts',
    find: `if (context.timedOut !== undefined) throw context.timedOut`,
    replace: ``,
    says: /acknowledged, and neither done nor kept|marked before|a dead letter without reason/,
  },
  {
    bug: 'one handler that accepts accepts for its siblings',
    file: '/core/src/incoming/dispatch.ts',
    find: `if (settlement.outcome !== 'accepted') (open`,
    replace: `if (settlement.outcome === 'accepted') open = undefined
      else (open`,
    says: /acknowledged, and neither done nor kept/,
  },
  {
    bug: 'the messages of a run that failed leave',
    file: '/core/src/invocation/call-handler.ts',
    find: `      context.held.takeBack(mark)`,
    replace: `      for (const each of context.held.messages) void guard.sendUntilTaken({ ...each, signal: context.received.delivery.lost })`,
    says: /sent by a run that failed/,
  },
  {
    bug: 'a held message whose fate is unknown counts as sent',
    file: '/core/src/runtime/pending-sends.ts',
    find: `    const isUnknown = failure.outcome === 'unknown'
`,
    replace: `    const isUnknown = failure.outcome === 'unknown'
    if (isUnknown && send.untilTaken) {
      this.confirm(send)
      return 'settled'
    }
`,
    says: /acknowledged, and neither done nor kept/,
  },
  {
    bug: 'a run that failed is written down as done',
    file: '/core/src/invocation/idempotency.ts',
    find: `      await claims.giveBack(held)
      throw`,
    replace: `      await held.claim.complete({})
      throw`,
    says: /acknowledged, and neither done nor kept|marked before/,
  },
  {
    bug: 'while the inbox is down everything counts as done',
    file: '/core/src/invocation/inbox-calls.ts',
    find: `if (this.#whenDown === 'closed') return this.#outage.bridge(ask, error, lost)`,
    replace: `if (this.#whenDown === 'closed') return { state: 'done' } as T`,
    says: /acknowledged, and neither done nor kept/,
  },
]
