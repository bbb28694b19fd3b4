import type { Destination, Envelope } from '../contract/index.js'
import type { Sent, Step } from '../context/index.js'
import { InvalidSendOptionError, MissingKeyError, quote } from '../errors/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { derivedId, isoTime, messageId } from '../runtime/message-id.js'
import type { Scheduled } from '../schedule/index.js'
import { awaitedBy, awaitedName, carryOn } from './awaited-by.js'
import type { Cause } from './cause.js'
import { checkDuration, checkHeaders, checkId, checkKey } from './checked-options.js'
import { atOnce, delayed, type DelayWays } from './delay.js'
import type { OutgoingDraft } from './outgoing-draft.js'

const empty: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>)

/** Makes the envelope: id, conversation, key, times. Inside of a handler the id is derived, so that a re-run sends the same one. */
export const assignIdentity =
  (scope: BusScope, ways: DelayWays): Step<OutgoingDraft, Sent> =>
  (draft, next) => {
    const { contract, options, cause, body, destination } = draft
    if (body === undefined || destination === undefined) throw new TypeError('assign-identity runs after route and serialize')
    const now = scope.clock.now()
    const id = draft.givenId === undefined ? idOf(draft, destination, body, now) : checkId(draft.givenId)
    const due = options.delay === undefined ? undefined : now + checkDuration('delay', options.delay)
    const expiresAt = draft.expiresAt ?? (options.expiresIn === undefined ? undefined : now + checkDuration('expiresIn', options.expiresIn))
    if (due !== undefined && expiresAt !== undefined && expiresAt <= due) {
      throw new InvalidSendOptionError(
        `{ expiresIn } of ${quote(contract.type)}`,
        options.expiresIn,
        `It ends before the delay ${quote(options.delay)} does. Make it longer`,
      )
    }
    const key = checkKey(options.key ?? contract.keyOf(draft.message), contract.type)
    if (key === undefined && contract.ordered) throw new MissingKeyError(contract.type)
    const cancelable = options.cancelable === true
    const timing = due === undefined && !cancelable ? atOnce : delayed({ type: contract.type, destination, dueMs: due, cancelable }, now, ways)
    const envelope: Envelope = {
      id,
      type: contract.type,
      version: contract.version,
      source: scope.bus,
      time: isoTime(now),
      contentType: contract.contentType,
      kind: contract.kind,
      correlationId: cause?.correlationId ?? cause?.id ?? draft.correlationId ?? id,
      headers: draft.changedHeaders === undefined ? draft.givenHeaders : checkHeaders(draft.changedHeaders),
      system: withAwaited(timing.system, carryOn(cause?.awaitedBy, draft.isAwaited ? awaitedName(scope.bus, id) : undefined)),
      body,
      ...optional(cause, draft.replyTo, expiresAt, key),
    }
    // Who asks again, under the same id, wants another reply: a broker that deduplicates must not swallow it.
    const copyId = draft.replyTo === undefined ? id : messageId(now)
    draft.outgoing = timing.notBefore === undefined ? { destination, envelope, copyId } : { destination, envelope, copyId, notBefore: timing.notBefore }
    draft.scheduled = timing.storedUntilMs === undefined ? undefined : storedUntil(timing.storedUntilMs, draft, id)
    draft.identified?.(id)
    return scope.failpoint('after-identity') ?? next(draft)
  }

/** A second run of its handler must not bring back what was cancelled. An id that was made from the message means the same message; one that was given may be used again, by anybody else. */
const storedUntil = (dueMs: number, { givenId, cause }: OutgoingDraft, id: string): Scheduled => ({
  dueMs,
  purpose: 'message',
  cancelId: id,
  ifOver: givenId === undefined ? 'keep' : 'replace',
  madeBy: givenId === undefined || cause === undefined ? undefined : makerOf(cause, id),
})

/** The handler, its message, and how often it has sent under the id before. */
const makerOf = ({ source, id: causeId, endpoint, handler, held }: Cause, id: string): string =>
  JSON.stringify([source, causeId, endpoint, handler, held.ordinalOf(`id ${id}`)])

function withAwaited(system: Readonly<Record<string, string>> | undefined, names: string | undefined): Readonly<Record<string, string>> {
  if (names === undefined) return system ?? empty
  return Object.assign(Object.create(null) as Record<string, string>, system, { [awaitedBy]: names })
}

type OptionalFields = Pick<Envelope, 'causationId' | 'replyTo' | 'expiresAt' | 'key'>

/** Absent fields stay absent. Without any, nothing is made. */
function optional(cause: Cause | undefined, replyTo: string | undefined, expiresAt: number | undefined, key: string | undefined): OptionalFields | undefined {
  if (cause === undefined && replyTo === undefined && expiresAt === undefined && key === undefined) return undefined
  return {
    ...(cause === undefined ? undefined : { causationId: cause.id }),
    ...(replyTo === undefined ? undefined : { replyTo }),
    ...(expiresAt === undefined ? undefined : { expiresAt }),
    ...(key === undefined ? undefined : { key }),
  }
}

/** By content, not by position: a re-run that takes another branch never gives a different message an id that a receiver has seen. */
function idOf({ cause, contract }: OutgoingDraft, destination: Destination, body: Uint8Array, now: number): string {
  if (cause === undefined || !cause.held.isOpen) return messageId(now)
  const to = destination.kind === 'address' ? destination.address : `${destination.kind}:${destination.name}`
  const parts = [cause.source, cause.id, cause.endpoint, cause.handler, contract.type, to]
  const first = derivedId(cause.causeMs, parts, body)
  const ordinal = cause.held.ordinalOf(first)
  return ordinal === 0 ? first : derivedId(cause.causeMs, [...parts, String(ordinal)], body)
}
