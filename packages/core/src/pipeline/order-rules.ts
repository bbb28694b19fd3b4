import type { Middleware } from '../context/index.js'
import { quote, type Problem } from '../errors/index.js'
import { HandlerStep } from '../invocation/index.js'

/** Any step that is not core's. */
const yours = Symbol('yours')
type Kind = string | typeof yours

interface OrderRule {
  readonly outer: Kind
  /** None of these may stand outside of `outer`. */
  readonly inner: readonly Kind[]
  /** What would happen, after the names of both. */
  readonly because: string
}

const limits = ['circuit-breaker', 'slow-down', 'rate-limit', 'concurrency-limit']
/** Those of which two are two limits, and one in two places waits for itself. */
const waiting: ReadonlySet<string> = new Set(['circuit-breaker', 'rate-limit', 'concurrency-limit'])

/** Orders that lose messages, handle them twice, or undo what a step is for. */
const orderRules: readonly OrderRule[] = [
  { outer: 'recover', inner: ['flush-outgoing'], because: 'the messages of every attempt after the first would never leave' },
  {
    outer: 'recover',
    inner: ['idempotency'],
    because: 'a failure has become a settlement there, and the row would be marked as done for a message that failed',
  },
  { outer: 'recover', inner: ['middleware', yours], because: 'what it throws would run every handler of the delivery again, also those that have succeeded' },
  { outer: 'recover', inner: ['filter'], because: 'a predicate that throws would run every handler of the delivery again, also those that have succeeded' },
  { outer: 'recover', inner: ['timeout'], because: 'the attempts after the first would have no deadline' },
  { outer: 'recover', inner: limits, because: 'the attempts after the first would not pass it' },
  {
    outer: 'idempotency',
    inner: ['flush-outgoing'],
    because: 'the row would be marked as done before the messages leave, and a crash in between would lose them',
  },
  { outer: 'flush-outgoing', inner: ['timeout'], because: 'a run that is over its time would have sent its messages, and would run again' },
  { outer: 'filter', inner: ['idempotency'], because: 'what does not pass would be marked as done, and its redrive dropped as a duplicate' },
  { outer: 'drop-expired', inner: ['idempotency'], because: 'a row would be claimed for a message that does not run' },
  ...limits.map((limit): OrderRule => ({ outer: limit, inner: ['idempotency'], because: 'the claimed row, and its transaction, would wait there' })),
  ...limits.map((limit): OrderRule => ({ outer: limit, inner: ['drop-expired'], because: 'what waits there would begin after it has expired' })),
  ...limits.map((limit): OrderRule => ({ outer: limit, inner: ['timeout'], because: 'its wait would use up the time of the run' })),
]

/** Without them messages are lost. */
const required: readonly { readonly step: string; readonly factory: string; readonly because: string }[] = [
  { step: 'recover', factory: 'recover()', because: 'what a handler throws would run every handler of the delivery again, also those that have succeeded' },
  { step: 'flush-outgoing', factory: 'flushOutgoing()', because: 'what a handler sends would never leave' },
]

/** What must not be there twice. */
const once: Readonly<Record<string, string>> = {
  recover: 'the attempts would multiply',
  'flush-outgoing': 'the outer one would find nothing to send',
  idempotency: 'the inner one would take each message for a duplicate of itself',
  middleware: 'the middleware would run twice',
  'slow-down': 'each would take the slowness of the other for its own',
}

/** What is wrong with the order of a per-handler pipeline, outermost first. */
export function checkOrder(steps: readonly Middleware[]): Problem[] {
  return [...missing(steps), ...repeated(steps), ...orderRules.flatMap((rule) => misplaced(steps, rule))]
}

const kindOf = (step: Middleware): Kind => (step instanceof HandlerStep ? step.name : yours)

const missing = (steps: readonly Middleware[]): Problem[] =>
  required
    .filter(({ step }) => !steps.some((each) => kindOf(each) === step))
    .map(({ step, factory, because }) => ({ what: `${quote(step)} is missing: ${because}`, fix: `Add ${factory} of @waybill/core/middleware.` }))

const repeated = (steps: readonly Middleware[]): Problem[] => [
  ...Object.entries(once)
    .filter(([name]) => steps.filter((each) => kindOf(each) === name).length > 1)
    .map(([name, because]) => ({ what: `${quote(name)} is there twice: ${because}`, fix: 'Keep one of them.' })),
  ...[...new Set(steps.filter((step, index) => step instanceof HandlerStep && waiting.has(step.name) && steps.indexOf(step) < index))].map(({ name }) => ({
    what: `the same ${quote(name)} is there twice: who has passed the outer one would wait in the inner one for himself`,
    fix: 'Keep one of them, or make each by a call of its own.',
  })),
]

/** Each step that stands outside of the one that it belongs into. */
function misplaced(steps: readonly Middleware[], { outer, inner, because }: OrderRule): Problem[] {
  const last = steps.findLastIndex((step) => kindOf(step) === outer)
  return steps
    .slice(0, Math.max(0, last))
    .filter((step) => inner.includes(kindOf(step)))
    .map(({ name }) => ({
      what: `${quote(name)} stands outside of ${quote(String(outer))}: ${because}`,
      fix: `Put ${quote(name)} inside of ${quote(String(outer))}.`,
    }))
}
