import fc from 'fast-check'

/** What a run of a handler comes to. */
export type RunEnd =
  | 'ok'
  | 'throws'
  | 'unrecoverable'
  | 'message-error'
  /** Ends well, after its deadline. */
  | 'overruns'
  | 'never-ends'
  /** Waits for its signal, and throws the reason. */
  | 'until-aborted'

export interface HandlerRun {
  /** Messages that it sends before anything else. */
  readonly sends: number
  readonly ms: number
  readonly end: RunEnd
}

export interface ScheduledMessage {
  readonly kind: 'job' | 'event' | 'request'
  readonly key: string
  readonly atMs: number
  /** Of each of its handlers, in turn; then it is well. */
  readonly runs: readonly (readonly HandlerRun[])[]
}

export interface SendFailureScript {
  readonly of: 'copy' | 'held message'
  /** After so many have got through. */
  readonly after: number
  readonly how: 'refused' | 'refused for good' | 'unknown, taken' | 'unknown, not taken'
  readonly times: number
}

export interface StoreFailureScript {
  readonly of: 'claim' | 'mark' | 'give back'
  readonly after: number
  /** `no answer`: it is done all the same; `taken over`: another one has the row. Both where something is marked. */
  readonly how: 'down' | 'no answer' | 'taken over'
  readonly times: number
}

/** Something from outside, when so many things have happened in the bus. */
export interface Interruption {
  readonly step: number
  readonly what: 'cut' | 'stop' | 'crash' | 'no answer' | 'no answer, taken' | 'answers again'
}

/** One run of the property: plain data, which says everything that goes wrong in it. */
export interface Schedule {
  readonly ordered: boolean
  readonly broker: 'whole' | 'short delays' | 'counts nothing' | 'counts releases'
  /** What handlers have done is written down; while the store is down, nothing runs (`closed`) or everything does (`open`). */
  readonly inbox: 'none' | 'closed' | 'open'
  readonly concurrency: number
  readonly policy: number
  readonly messages: readonly ScheduledMessage[]
  readonly sends: readonly SendFailureScript[]
  readonly store: readonly StoreFailureScript[]
  readonly lostSettlements: readonly { readonly step: number; readonly times: number }[]
  readonly interruptions: readonly Interruption[]
}

/** How often a handler may fail under each policy before its message is a dead letter: counted by hand. */
export const policies = [
  { retry: { immediate: 0, delayed: [] }, failures: 1, ofRequests: 1 },
  { retry: { immediate: 2, delayed: [] }, failures: 3, ofRequests: 3 },
  { retry: { immediate: 0, delayed: ['1s'] }, failures: 2, ofRequests: 1 },
  { retry: { immediate: 1, delayed: ['1s', '3s'] }, failures: 6, ofRequests: 2 },
] as const

const end = fc.oneof(
  { weight: 6, arbitrary: fc.constant<RunEnd>('throws') },
  { weight: 3, arbitrary: fc.constant<RunEnd>('ok') },
  { weight: 2, arbitrary: fc.constantFrom<RunEnd>('unrecoverable', 'message-error') },
  { weight: 2, arbitrary: fc.constantFrom<RunEnd>('overruns', 'never-ends', 'until-aborted') },
)
const run = fc.record<HandlerRun>({ sends: fc.constantFrom(0, 1, 1, 2), ms: fc.constantFrom(0, 0, 100, 1_500), end })
const script = fc.oneof(
  { weight: 2, arbitrary: fc.array(run, { maxLength: 4 }) },
  // The same again and again, to the end of every policy.
  { weight: 1, arbitrary: run.map((each) => Array.from({ length: 7 }, () => each)) },
)
const message = fc.record<ScheduledMessage>({
  kind: fc.constantFrom('job', 'event', 'request'),
  key: fc.constantFrom('k', 'l'),
  atMs: fc.constantFrom(0, 0, 0, 700),
  runs: fc.array(script, { minLength: 2, maxLength: 2 }),
})

/** Of services with such inboxes. */
export const schedulesWith = (...inboxes: readonly Schedule['inbox'][]): fc.Arbitrary<Schedule> =>
  fc.record<Schedule>({
    ordered: fc.boolean(),
    broker: fc.constantFrom('whole', 'whole', 'short delays', 'counts nothing', 'counts releases'),
    inbox: fc.constantFrom(...inboxes),
    concurrency: fc.integer({ min: 1, max: 3 }),
    policy: fc.nat({ max: policies.length - 1 }),
    messages: fc.array(message, { minLength: 1, maxLength: 3 }),
    sends: fc.array(
      fc.record<SendFailureScript>({
        of: fc.constantFrom('copy', 'copy', 'held message'),
        after: fc.nat({ max: 3 }),
        how: fc.constantFrom('refused', 'refused for good', 'refused for good', 'unknown, taken', 'unknown, not taken'),
        times: fc.constantFrom(1, 2, 50),
      }),
      { maxLength: 2 },
    ),
    store: fc.array(
      fc
        .record<StoreFailureScript>({
          of: fc.constantFrom('claim', 'mark', 'mark', 'give back'),
          after: fc.nat({ max: 2 }),
          how: fc.constantFrom('down', 'down', 'no answer', 'taken over'),
          times: fc.constantFrom(1, 2, 15),
        })
        .map((script) => (script.of === 'mark' ? script : { ...script, how: 'down' })),
      { maxLength: 2 },
    ),
    lostSettlements: fc.array(fc.record({ step: fc.nat({ max: 20 }), times: fc.integer({ min: 1, max: 4 }) }), { maxLength: 1 }),
    interruptions: fc.array(
      fc.record<Interruption>({
        step: fc.nat({ max: 30 }),
        what: fc.constantFrom('cut', 'cut', 'stop', 'stop', 'crash', 'no answer', 'no answer, taken', 'answers again'),
      }),
      { maxLength: 2 },
    ),
  })
