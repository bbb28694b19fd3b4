import { deadLetter, UnrecoverableError, when, type RecoveryPolicy, type RetryOptions } from '../../src/index.js'
import { CardDeclined, GatewayTimeout, SlowGateway, type thrown } from './table-errors.js'

type Retry = RetryOptions | RecoveryPolicy

/**
 * One line of the table: a policy, an error, and what becomes of the first, the second, the third … failure, written
 * by hand. `now`: again at once; `10s`: again after that; `exhausted`, `hopeless`: a dead letter, and why.
 */
export interface Line {
  readonly policy: string
  readonly error: keyof typeof thrown
  readonly becomes: string
  readonly handler?: Retry
  readonly endpoint?: Retry
  readonly bus?: Retry
  /** @default 'command' */
  readonly message?: 'command' | 'command with reply' | 'query'
  /** `ordered`, `no delay`: it waits in its place. `wire`: the error comes before any handler. @default 'usual' */
  readonly where?: 'usual' | 'ordered' | 'no delay' | 'wire'
}

const standard = 'now now 10s now now 1m now now 10m now now exhausted exhausted'
const beginning = 'now now 10s now'
const isReset = (error: Error): boolean => 'code' in error && error.code === 'ECONNRESET'
const throwing = (): boolean => {
  throw new TypeError('the predicate itself is wrong')
}

const gateway = when(GatewayTimeout).retryNow(1).retryAfter('2s', '4s')
const gatewayThenAll = when(GatewayTimeout).retryNow(3).or(when(Error).retryNow(1).retryAfter('7s'))
const slowIsNearest = when(Error).retryNow(1).or(when(SlowGateway).retryAfter('3s'))
const oneOfTwo = when(RangeError, GatewayTimeout).retryAfter('1s')
const family = when(Error)
  .retryNow(1)
  .or(when(GatewayTimeout).retryNow(2).or(when(SlowGateway).retryNow(3)))
const requestsToo = { immediate: 1, delayed: ['10s'], requests: 'delayed' } as const
const errorsOfRequests = when(Error).retryNow(1).retryAfter('2s').alsoForRequests().lastly(deadLetter())
const fourRounds = { immediate: 3, delayed: ['1s', '1s', '2s'] } as const
const asked = 'command with reply'

export const table: readonly Line[] = [
  // Nothing is said: the default.
  { policy: 'default', error: 'Error', becomes: standard },
  { policy: 'default', error: 'SlowGateway', becomes: standard },
  { policy: 'default', error: 'a text', becomes: standard },
  { policy: 'default', error: 'nothing', becomes: beginning },
  { policy: 'default', error: 'AbortError', becomes: beginning },
  { policy: 'default', error: 'AggregateError', becomes: beginning },
  { policy: 'default', error: 'UnrecoverableError', becomes: 'hopeless hopeless hopeless' },
  { policy: 'default', error: 'CardDeclined', becomes: 'hopeless hopeless' },
  { policy: 'default', error: 'InvalidMessageError', becomes: 'hopeless hopeless' },
  { policy: 'default', error: 'Error', message: asked, becomes: 'now now exhausted exhausted exhausted' },
  { policy: 'default', error: 'CardDeclined', message: asked, becomes: 'hopeless hopeless' },
  { policy: 'default', error: 'Error', message: 'query', becomes: 'now now exhausted exhausted' },
  { policy: 'default', error: 'UnrecoverableError', message: 'query', becomes: 'hopeless' },
  { policy: 'default', error: 'Error', where: 'ordered', becomes: 'now now exhausted exhausted' },
  { policy: 'default', error: 'InvalidMessageError', where: 'ordered', becomes: 'hopeless hopeless' },
  { policy: 'default', error: 'Error', where: 'no delay', becomes: 'now now exhausted exhausted' },
  { policy: 'default', error: 'Error', where: 'wire', becomes: standard },
  { policy: 'default', error: 'UnrecoverableError', where: 'wire', becomes: 'hopeless hopeless' },
  { policy: 'default', error: 'a text', where: 'wire', becomes: beginning },

  // The short form.
  { policy: 'none at all', handler: { immediate: 0, delayed: [] }, error: 'Error', becomes: 'exhausted exhausted' },
  { policy: 'none at all', handler: { immediate: 0, delayed: [] }, error: 'CardDeclined', becomes: 'hopeless' },
  { policy: 'at once ×5', handler: { immediate: 5, delayed: [] }, error: 'Error', becomes: 'now now now now now exhausted exhausted' },
  { policy: 'at once ×0, delays by default', handler: { immediate: 0 }, error: 'Error', becomes: '10s 1m 10m exhausted exhausted' },
  { policy: 'at once ×1, delays by default', handler: { immediate: 1 }, error: 'RangeError', becomes: 'now 10s now 1m now 10m now exhausted' },
  { policy: 'at once by default, after 5s', handler: { delayed: ['5s'] }, error: 'Error', becomes: 'now now 5s now now exhausted' },
  { policy: 'at once by default, no delay', handler: { delayed: [] }, error: 'TypeError', becomes: 'now now exhausted' },
  { policy: 'from 1ms to 3d', handler: { immediate: 0, delayed: ['1ms', '1h', '3d'] }, error: 'Error', becomes: '1ms 1h 3d exhausted' },
  {
    policy: 'at once ×3 in four rounds',
    handler: fourRounds,
    error: 'GatewayTimeout',
    becomes: 'now now now 1s now now now 1s now now now 2s now now now exhausted',
  },
  { policy: 'delays that shrink', handler: { immediate: 0, delayed: ['9s', '3s', '0ms'] }, error: 'Error', becomes: '9s 3s 0ms exhausted' },

  // Who asks waits: delays only where the policy says so.
  { policy: 'with delays', handler: { immediate: 1, delayed: ['10s'] }, message: asked, error: 'Error', becomes: 'now exhausted exhausted exhausted' },
  { policy: 'delays for requests too', handler: requestsToo, message: asked, error: 'Error', becomes: 'now 10s now exhausted' },
  { policy: 'delays for requests too', handler: requestsToo, error: 'Error', becomes: 'now 10s now exhausted' },
  { policy: 'when(Error), also for requests', handler: errorsOfRequests, message: asked, error: 'Error', becomes: 'now 2s now exhausted' },
  {
    policy: 'when(Error), also for requests',
    handler: when(Error).retryNow(0).retryAfter('2s', '4s').alsoForRequests(),
    message: 'query',
    error: 'Error',
    becomes: '2s 4s exhausted',
  },
  { policy: 'when(Error)', handler: when(Error).retryNow(1).retryAfter('2s'), message: asked, error: 'Error', becomes: 'now exhausted exhausted' },

  // By class.
  { policy: 'when(GatewayTimeout)', handler: gateway, error: 'GatewayTimeout', becomes: 'now 2s now 4s now exhausted' },
  { policy: 'when(GatewayTimeout)', handler: gateway, error: 'SlowGateway', becomes: 'now 2s now 4s now exhausted' },
  { policy: 'when(GatewayTimeout)', handler: gateway, error: 'Error', becomes: beginning },
  { policy: 'when(GatewayTimeout)', handler: when(GatewayTimeout).retryNow(1), error: 'CardDeclined', becomes: 'hopeless' },
  { policy: 'two rules', handler: gatewayThenAll, error: 'GatewayTimeout', becomes: 'now now now exhausted' },
  { policy: 'two rules', handler: gatewayThenAll, error: 'SlowGateway', becomes: 'now now now exhausted' },
  { policy: 'two rules', handler: gatewayThenAll, error: 'RangeError', becomes: 'now 7s now exhausted' },
  { policy: 'the nearest rule is the last', handler: slowIsNearest, error: 'SlowGateway', becomes: '3s exhausted' },
  { policy: 'the nearest rule is the last', handler: slowIsNearest, error: 'GatewayTimeout', becomes: 'now exhausted' },
  {
    policy: 'three steps of one family',
    handler: family,
    error: 'GatewayTimeout',
    becomes: 'now now exhausted',
  },
  {
    policy: 'of two equal rules the first',
    handler: when(GatewayTimeout).retryNow(1).or(when(GatewayTimeout).retryNow(4)),
    error: 'GatewayTimeout',
    becomes: 'now exhausted',
  },
  { policy: 'two classes in one rule', handler: oneOfTwo, error: 'RangeError', becomes: '1s exhausted' },
  { policy: 'two classes in one rule', handler: oneOfTwo, error: 'SlowGateway', becomes: '1s exhausted' },
  { policy: 'two classes in one rule', handler: oneOfTwo, error: 'TypeError', becomes: beginning },
  { policy: 'when(Error) and a text', handler: when(Error).retryNow(1), error: 'a text', becomes: 'now exhausted' },
  { policy: 'when(GatewayTimeout) and a text', handler: when(GatewayTimeout).retryNow(0), error: 'a text', becomes: beginning },

  // What is hopeless is tried again only where its class is named.
  { policy: 'when(Error)', handler: when(Error).retryNow(4), error: 'UnrecoverableError', becomes: 'hopeless hopeless' },
  { policy: 'when(Error)', handler: when(Error).retryNow(4), error: 'InvalidMessageError', becomes: 'hopeless' },
  { policy: 'when(CardDeclined)', handler: when(CardDeclined).retryNow(1), error: 'CardDeclined', becomes: 'now exhausted' },
  { policy: 'when(CardDeclined)', handler: when(CardDeclined).retryNow(1), error: 'UnrecoverableError', becomes: 'hopeless' },
  { policy: 'when(UnrecoverableError)', handler: when(UnrecoverableError).retryAfter('1m'), error: 'CardDeclined', becomes: '1m exhausted' },
  { policy: 'when(UnrecoverableError)', handler: when(UnrecoverableError).retryAfter('1m'), error: 'UnrecoverableError', becomes: '1m exhausted' },

  // By predicate.
  { policy: 'when(isReset)', handler: when(isReset).retryAfter('500ms', '500ms'), error: 'ConnectionReset', becomes: '500ms 500ms exhausted' },
  { policy: 'when(isReset)', handler: when(isReset).retryAfter('500ms', '500ms'), error: 'Error', becomes: beginning },
  {
    policy: 'a predicate before a class above',
    handler: when(Error).retryNow(5).or(when(isReset).retryNow(1)),
    error: 'ConnectionReset',
    becomes: 'now exhausted',
  },
  {
    policy: 'a predicate may name what is hopeless',
    handler: when((error: Error) => error.message.startsWith('never')).retryNow(2),
    error: 'UnrecoverableError',
    becomes: 'now now exhausted',
  },
  { policy: 'a predicate that throws matches nothing', handler: when(throwing).retryNow(0), error: 'Error', becomes: beginning },
  {
    policy: 'a predicate that throws matches nothing',
    handler: when(throwing).retryNow(0).or(when(Error).retryNow(1)),
    error: 'Error',
    becomes: 'now exhausted',
  },

  // The nearest level that has a rule.
  { policy: 'bus', bus: { immediate: 0, delayed: ['20s'] }, error: 'Error', becomes: '20s exhausted' },
  { policy: 'endpoint', endpoint: { immediate: 3, delayed: [] }, error: 'Error', becomes: 'now now now exhausted' },
  { policy: 'endpoint before bus', endpoint: { immediate: 1, delayed: [] }, bus: { immediate: 4, delayed: [] }, error: 'Error', becomes: 'now exhausted' },
  {
    policy: 'handler before endpoint',
    handler: { immediate: 1, delayed: [] },
    endpoint: { immediate: 4, delayed: [] },
    error: 'Error',
    becomes: 'now exhausted',
  },
  { policy: 'handler before bus', handler: { immediate: 0, delayed: ['3s'] }, bus: { immediate: 4, delayed: [] }, error: 'Error', becomes: '3s exhausted' },
  {
    policy: 'a level without a rule for it is passed over',
    handler: when(GatewayTimeout).retryNow(1),
    endpoint: when(RangeError).retryNow(3),
    bus: { immediate: 0, delayed: ['4s'] },
    error: 'TypeError',
    becomes: '4s exhausted',
  },
  {
    policy: 'a nearer level wins over a nearer class',
    handler: when(Error).retryNow(1),
    endpoint: when(SlowGateway).retryNow(5),
    error: 'SlowGateway',
    becomes: 'now exhausted',
  },
  {
    policy: 'hopeless at a further level',
    handler: when(Error).retryNow(2),
    bus: when(CardDeclined).retryAfter('6s'),
    error: 'CardDeclined',
    becomes: '6s exhausted',
  },

  // In its place: the same decisions, no copies.
  {
    policy: 'ordered, with delays',
    where: 'ordered',
    handler: { immediate: 1, delayed: ['10s', '20s'] },
    error: 'Error',
    becomes: 'now 10s now 20s now exhausted',
  },
  { policy: 'ordered, by class', where: 'ordered', handler: when(GatewayTimeout).retryAfter('1s'), error: 'SlowGateway', becomes: '1s exhausted' },
  { policy: 'ordered, at once only', where: 'ordered', handler: { immediate: 4 }, error: 'Error', becomes: 'now now now now exhausted' },
  { policy: 'no delay, at once only', where: 'no delay', handler: { immediate: 1 }, error: 'Error', becomes: 'now exhausted' },

  // Before any handler: the endpoint's policy, whoever is asked.
  { policy: 'wire, endpoint', where: 'wire', endpoint: { immediate: 1, delayed: ['2s', '3s'] }, error: 'Error', becomes: 'now 2s now 3s now exhausted' },
  { policy: 'wire, bus', where: 'wire', bus: { immediate: 0, delayed: ['8s'] }, error: 'TypeError', becomes: '8s exhausted' },
  {
    policy: "wire, not the handler's",
    where: 'wire',
    handler: { immediate: 7, delayed: [] },
    bus: { immediate: 1, delayed: [] },
    error: 'Error',
    becomes: 'now exhausted',
  },
  { policy: 'wire, with reply', where: 'wire', bus: { immediate: 0, delayed: ['8s'] }, message: asked, error: 'Error', becomes: '8s exhausted' },
  { policy: 'wire, by class', where: 'wire', bus: when(GatewayTimeout).retryNow(1), error: 'SlowGateway', becomes: 'now exhausted' },
]
