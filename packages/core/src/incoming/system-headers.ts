import type { Delivery } from '../contract/index.js'

/** The framework's headers that this version writes and obeys. Others are carried on untouched: a newer version may know them. */
export const systemHeader = {
  targetHandler: 'target-handler',
  /** Failures so far of the handler that it is addressed to. */
  attempt: 'attempt',
  /** Failures so far of what runs before any handler. */
  wireAttempt: 'wire-attempt',
  /** Deferrals so far because type or handler were unknown. */
  unknownAttempt: 'unknown-attempt',
  deliverAt: 'deliver-at',
  /** When its sender wanted it delivered, where that was a day or more later: set once, carried on by every copy. */
  dueAt: 'due-at',
  /** Copies so far that this endpoint has made for later: tells one from the next where nothing else does. */
  copyCount: 'copy-count',
  redriveCount: 'redrive-count',
  fault: 'fault',
  reason: 'dead-letter-reason',
  deadLetterEndpoint: 'dead-letter-endpoint',
  deadLetterHandler: 'dead-letter-handler',
  deadLetterTime: 'dead-letter-time',
  deadLetterAttempts: 'dead-letter-attempts',
  errorCode: 'dead-letter-error-code',
  errorName: 'dead-letter-error-name',
  errorMessage: 'dead-letter-error-message',
  errorStack: 'dead-letter-error-stack',
} as const

const steering = [
  systemHeader.targetHandler,
  systemHeader.attempt,
  systemHeader.wireAttempt,
  systemHeader.unknownAttempt,
  systemHeader.deliverAt,
  systemHeader.copyCount,
  systemHeader.redriveCount,
  systemHeader.fault,
] as const
const none: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>)

/** Through a topic nobody can steer the framework: what would is left out. How the body is encoded, and what a newer version adds, stays. */
export function trustedSystem({ envelope, via }: Delivery): Readonly<Record<string, string>> {
  if (envelope === undefined) return none
  const { system } = envelope
  if (via === 'address' || steering.every((name) => system[name] === undefined)) return system
  const rest = Object.assign(Object.create(null) as Record<string, string>, system)
  for (const name of steering) delete rest[name]
  return rest
}

/** The system headers of a copy: what came is carried on, what steers is set or cleared. Cleared is an empty text, because native headers that are forwarded cannot be taken away. */
export function copiedSystem({ envelope, via }: Delivery, changes: Readonly<Record<string, string>>): Record<string, string> {
  const system = Object.assign(Object.create(null) as Record<string, string>, envelope?.system)
  for (const name of steering) if (system[name] !== undefined && (via === 'topic' || name === systemHeader.deliverAt)) system[name] = ''
  return Object.assign(system, changes)
}

/** Epoch milliseconds in a header; `undefined` for anything else. */
export function timeOf(system: Readonly<Record<string, string>>, name: string): number | undefined {
  const text = system[name]
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** A count in a header of an own address; 0 for anything that is no count. */
export function countOf(system: Readonly<Record<string, string>>, name: string): number {
  const text = system[name]
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0
}

/** A text in a header; empty is absent. */
export function textOf(system: Readonly<Record<string, string>>, name: string): string | undefined {
  const text = system[name]
  return text === undefined || text === '' ? undefined : text
}
