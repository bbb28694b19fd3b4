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

/** Something from outside, when so many things have happened in the bus. */
export interface Interruption {
  readonly step: number
  readonly what: 'cut' | 'stop' | 'crash' | 'no answer' | 'no answer, taken' | 'answers again'
}

/** One run of the property: plain data, which says everything that goes wrong in it. */
export interface Schedule {
  readonly ordered: boolean
  readonly broker: 'whole' | 'short delays' | 'counts nothing' | 'counts releases'
  readonly concurrency: number
  readonly policy: number
  readonly messages: readonly ScheduledMessage[]
  readonly sends: readonly SendFailureScript[]
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
const message = fc.record<ScheduledMessage>({
  kind: fc.constantFrom('job', 'event', 'request'),
  key: fc.constantFrom('k', 'l'),
  atMs: fc.constantFrom(0, 0, 0, 700),
  runs: fc.array(fc.array(run, { maxLength: 4 }), { minLength: 2, maxLength: 2 }),
})

export const schedules: fc.Arbitrary<Schedule> = fc.record<Schedule>({
  ordered: fc.boolean(),
  broker: fc.constantFrom('whole', 'whole', 'short delays', 'counts nothing', 'counts releases'),
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
  lostSettlements: fc.array(fc.record({ step: fc.nat({ max: 20 }), times: fc.integer({ min: 1, max: 4 }) }), { maxLength: 1 }),
  interruptions: fc.array(
    fc.record<Interruption>({
      step: fc.nat({ max: 30 }),
      what: fc.constantFrom('cut', 'cut', 'stop', 'stop', 'crash', 'no answer', 'no answer, taken', 'answers again'),
    }),
    { maxLength: 2 },
  ),
})
