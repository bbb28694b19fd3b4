import type { CoreMutant, SourcePatch } from './mutant.js'

const inCore = (file: string, find: string, replace: string): SourcePatch => ({ file: `/core/src/${file}`, find, replace })

/** Faults in core's sources, each in one place or two. */
export const coreMutants: readonly CoreMutant[] = [
  {
    kind: 'core',
    name: 'never-abort',
    title: "a handler's signal never aborts",
    scenario: 'DS-07',
    patches: [inCore('invocation/handler-context.ts', `    this.#controller?.abort(reason)`, ``)],
  },
  {
    kind: 'core',
    name: 'swallow-late-publish',
    title: 'what is published after its handler has ended goes into the closed buffer',
    scenario: 'WA-03',
    patches: [inCore('outgoing/hold.ts', `if (cause.held.isOpen || cause.isAbandoned) return true`, `return true`)],
  },
  {
    kind: 'core',
    name: 'mark-before-flush',
    title: 'the inbox marks a message as done before what its handler holds has left',
    scenario: 'WA-01',
    patches: [
      inCore(
        'invocation/idempotency.ts',
        `      settlement = await next(context)`,
        `      settlement = await next(Object.assign(context, { markFirst: () => held.claim.complete({}) }))`,
      ),
      inCore(
        'invocation/flush-outgoing.ts',
        `    const crash = scope.failpoint('before-flush')`,
        `    await (context as unknown as { markFirst?(): Promise<void> }).markFirst?.()
    const crash = scope.failpoint('before-flush')`,
      ),
    ],
  },
  {
    kind: 'core',
    name: 'accept-unknown-target',
    title: 'a copy for a handler that nobody knows is accepted',
    scenario: 'PM-18',
    patches: [inCore('incoming/deserialize.ts', `throw new UnknownHandlerError(target, setup.name)`, `return []`)],
  },
  {
    kind: 'core',
    name: 'unknown-target-runs-all',
    title: 'a copy for a handler that nobody knows is given to all others',
    scenario: 'PM-18',
    patches: [inCore('incoming/deserialize.ts', `throw new UnknownHandlerError(target, setup.name)`, `return handled.handlers`)],
  },
  {
    kind: 'core',
    name: 'gone-requester-fails-handler',
    title: 'a reply that finds nobody fails its handler',
    scenario: 'DS-22',
    patches: [inCore('invocation/flush-outgoing.ts', `if (purpose !== 'reply' || lost.aborted || scope.stopping) throw error`, `throw error`)],
  },
  {
    kind: 'core',
    name: 'dead-letter-while-stopping',
    title: 'a run that the end of a grace cuts off counts as failed',
    scenario: 'CN-04',
    patches: [inCore('invocation/recover.ts', `    if (scope.stopping || delivery.lost.aborted) return released`, ``)],
  },
  {
    kind: 'core',
    name: 'rerun-siblings',
    title: 'a retry copy names no handler',
    scenario: 'WA-02',
    patches: [
      inCore('incoming/copies.ts', `[systemHeader.targetHandler]: init.handler, [systemHeader.attempt]`, `[systemHeader.attempt]`),
      // Its failures are counted all the same: it ends.
      inCore('incoming/dispatch.ts', `textOf(system, systemHeader.targetHandler) === undefined ? 0 : countOf`, `countOf`),
    ],
  },
  {
    kind: 'core',
    name: 'accept-without-copy',
    title: 'a copy that is refused counts as made',
    scenario: 'WA-08',
    patches: [
      inCore(
        'incoming/copies.ts',
        `          if (!paused) {`,
        `          return
          if (!paused) {`,
      ),
    ],
  },
  {
    kind: 'core',
    name: 'release-counts',
    title: "the broker's deliveries count as attempts",
    scenario: 'RD-15',
    patches: [
      inCore(
        'incoming/dispatch.ts',
        `new HandlerContext(incoming, handler, failures + 1)`,
        `new HandlerContext(incoming, handler, failures + (delivery.deliveryCount ?? 1))`,
      ),
    ],
  },
  {
    kind: 'core',
    name: 'pass-held-head',
    title: 'an ordered endpoint has no lanes: the next of a key passes a head that is held',
    scenario: 'OR-05',
    patches: [inCore('incoming/endpoint-worker.ts', `const key = this.setup.ordered ? laneOf(delivery) : undefined`, `const key = undefined`)],
  },
  {
    kind: 'core',
    name: 'one-head-holds-all',
    title: 'a head that waits for its next attempt keeps its place, and other keys stand still',
    scenario: 'OR-20',
    patches: [inCore('incoming/dispatch.ts', `await lanes.rest(waits.wait(waitMs, delivery.lost))`, `await waits.wait(waitMs, delivery.lost)`)],
  },
  {
    kind: 'core',
    name: 'expire-without-skew',
    title: 'a message expires by the clock of its receiver, without allowance',
    scenario: 'DQ-17',
    patches: [inCore('invocation/expiry.ts', `byMs > (replyTo === undefined ? clockSkewMs : 0)`, `byMs > 0`)],
  },
  {
    kind: 'core',
    name: 'run-expired-request',
    title: 'a request whose caller has given up runs all the same',
    scenario: 'RR-13',
    patches: [inCore('invocation/expiry.ts', `byMs > (replyTo === undefined ? clockSkewMs : 0)`, `byMs > clockSkewMs && replyTo === undefined`)],
  },
  {
    kind: 'core',
    name: 'late-reply-leaks',
    title: 'a request that has timed out waits on for its reply',
    scenario: 'RR-04',
    patches: [inCore('requests/request-wait.ts', `if (this.#id !== undefined) this.#pending.remove(this.#id, this)`, ``)],
  },
  {
    kind: 'core',
    name: 'rerun-after-failed-flush',
    title: 'a handler whose messages are not taken runs again',
    scenario: 'DS-21',
    patches: [inCore('invocation/flush-outgoing.ts', `return rejected('undeliverable')`, `throw context.failure`)],
  },
  {
    kind: 'core',
    name: 'random-ids',
    title: 'a run that is repeated sends its messages under new ids',
    scenario: 'DU-12',
    patches: [inCore('outgoing/assign-identity.ts', `if (cause === undefined || !cause.held.isOpen) return messageId(now)`, `return messageId(now)`)],
  },
  {
    kind: 'core',
    name: 'failed-run-sends',
    title: 'what a failed run has published leaves with the next one',
    scenario: 'DS-23',
    patches: [
      inCore(
        'invocation/recover.ts',
        `context = thrown === claimLost || isUncounted(context) ? context.afresh() : context.again()`,
        `const failed = context
        context = context.again()
        for (const each of failed.held.messages) context.held.add(each, 0)`,
      ),
      inCore('outgoing/held-messages.ts', `this.#messages = this.#messages?.slice(0, mark?.count ?? 0)`, ``),
    ],
  },
  {
    kind: 'core',
    name: 'hop-too-early',
    title: 'a message that comes before its time runs at once',
    scenario: 'DL-12',
    patches: [inCore('incoming/defer.ts', `due > scope.clock.now() && incoming.setup.canDelay`, `due < 0`)],
  },
  {
    kind: 'core',
    name: 'steer-through-topic',
    title: 'system headers that came through a topic steer the framework',
    scenario: 'SE-11',
    patches: [inCore('incoming/system-headers.ts', `if (via === 'address' || steering`, `if (via !== undefined || steering`)],
  },
  {
    kind: 'core',
    name: 'keep-queries',
    title: 'a failed query is kept as a dead letter, though its asker was told',
    scenario: 'RR-05',
    patches: [inCore('incoming/give-up.ts', `if (envelope.kind === 'query' && fault === 'told') return`, ``)],
  },
  {
    kind: 'core',
    name: 'stop-without-waiting',
    title: 'a stop gives running handlers no time',
    scenario: 'WA-12',
    patches: [inCore('bus/stop-parts.ts', `const timer = scope.clock.after(timeoutMs,`, `const timer = scope.clock.after(0,`)],
  },
  {
    kind: 'core',
    name: 'retry-too-early',
    title: 'a delayed retry comes at half of its delay',
    scenario: 'RD-04',
    patches: [inCore('incoming/copies.ts', `return Math.ceil(this.#scope.clock.now() + delayMs)`, `return Math.ceil(this.#scope.clock.now() + delayMs / 2)`)],
  },
  {
    kind: 'core',
    name: 'start-beside-suspect',
    title: 'what may have killed its process runs beside others',
    scenario: 'RD-15',
    patches: [
      inCore(
        'incoming/suspects.ts',
        `      this.#oneByOne = false
      return 'run'`,
        `      return 'run'`,
      ),
      inCore(
        'incoming/suspects.ts',
        `    this.#oneByOne = true
    this.#active = true`,
        `    this.#active = false`,
      ),
    ],
  },
  {
    kind: 'core',
    name: 'idle-slot',
    title: 'an endpoint runs one handler fewer than it may',
    scenario: 'CP-01',
    patches: [
      inCore(
        'runtime/lanes.ts',
        `    if (this.#running >= this.#concurrency) return this.#wait(this.#line)`,
        `    if (this.#running >= this.#concurrency - 1) return this.#wait(this.#line)`,
      ),
      inCore('runtime/lanes.ts', `while (this.#running < this.#concurrency) {`, `while (this.#running < this.#concurrency - 1) {`),
    ],
  },
]
