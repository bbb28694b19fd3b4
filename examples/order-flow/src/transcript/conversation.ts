import type { Cause, Run } from '../flow/journal.js'

/** A message, who handled it, and what each of them sent. */
export interface MessageNode {
  readonly message: string
  readonly id: string
  readonly handlers: readonly HandlerNode[]
}

export interface HandlerNode {
  /** `payments/ChargeCard`; the endpoint alone for a command, which has one handler. */
  readonly name: string
  readonly attempts: readonly Run[]
  readonly sent: readonly MessageNode[]
}

/** The tree of a conversation, from the ids of the messages and of their causes; `undefined` when nothing of it was seen. */
export function conversationTree(runs: readonly Run[], causes: readonly Cause[]): MessageNode | undefined {
  const byMessage = groupBy(runs, (run) => run.id)
  const root = runs.find((run) => run.causationId === undefined || !byMessage.has(run.causationId))
  return root === undefined ? undefined : messageNode(root.id)

  function messageNode(id: string): MessageNode {
    const own = byMessage.get(id) ?? []
    const handlers = [...groupBy(own, (run) => `${run.endpoint}/${run.handler}`).values()]
    const caused = [...byMessage.values()].flatMap(([first]) => (first?.causationId === id ? [first] : []))
    return {
      message: own[0]?.message ?? '',
      id,
      handlers: handlers.map((attempts, index) => ({
        name: nameOf(attempts),
        attempts: attempts.toSorted((a, b) => a.startedAtMs - b.startedAtMs),
        sent: caused.filter((run) => Math.max(0, senderIndex(handlers, run)) === index).map((run) => messageNode(run.id)),
      })),
    }
  }

  function senderIndex(handlers: readonly (readonly Run[])[], sent: Run): number {
    const cause = causes.find((each) => each.causationId === sent.causationId && each.message === sent.message)
    return handlers.findIndex(([run]) => run?.endpoint === cause?.endpoint && run?.handler === cause?.handler)
  }
}

function nameOf([run]: readonly Run[]): string {
  if (run === undefined) return ''
  return run.kind === 'event' ? `${run.endpoint}/${run.handler}` : run.endpoint
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return groups
}
