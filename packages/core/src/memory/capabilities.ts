import type { Capabilities, DelayLimit, PerKind, SizeLimits } from '../contract/index.js'
import { checkOptions, flag, integer, oneOf, optional, type Check, type OptionProblem } from '../wire/index.js'

/** What the memory transport has less of than it could: the transport then refuses what is missing. For tests of the start report, and of an application that shall run on a weaker broker. */
export interface NarrowedCapabilities {
  readonly privateAddress?: boolean
  readonly replies?: 'temporary' | 'none'
  /** For both kinds, or each. */
  readonly delay?: DelayLimit | 'none' | PerKind<DelayLimit | 'none'>
  readonly ordering?: 'none' | { readonly unit: 'none' | 'key'; readonly scaleOut: 'rebalances' | 'none' }
  /** `all`: a release raises the count too. */
  readonly deliveryCount?: 'none' | 'crashes' | 'all'
  /** For both kinds, or each; what is not named keeps its default. */
  readonly limits?: Partial<SizeLimits> | Partial<PerKind<Partial<SizeLimits>>>
  /** `silent`: a message for an endpoint that does not exist is taken and lost. */
  readonly unroutable?: 'detected' | 'silent'
}

export type MemoryCapabilities = Required<Capabilities>

const anyDelay: DelayLimit = { maxMs: Infinity, resolutionMs: 1 }
const mebibyte = 1_048_576
const defaultLimits: SizeLimits = { messageBytes: 16 * mebibyte, batchCount: 1_000, batchBytes: 64 * mebibyte }

export const fullCapabilities: MemoryCapabilities = {
  privateAddress: true,
  replies: 'temporary',
  delay: { endpoint: anyDelay, topic: anyDelay },
  ordering: { unit: 'key', scaleOut: 'rebalances' },
  settlement: 'individual',
  lockMs: Infinity,
  deliveryCount: 'crashes',
  replay: 'none',
  limits: { endpoint: defaultLimits, topic: defaultLimits },
  unroutable: 'detected',
  durability: 'process',
}

/** Of options that were checked. */
export function narrow({ delay, ordering, limits, ...others }: NarrowedCapabilities): MemoryCapabilities {
  return {
    ...fullCapabilities,
    ...others,
    delay: delay === undefined ? fullCapabilities.delay : perKind(delay),
    ordering:
      ordering === undefined ? fullCapabilities.ordering : ordering === 'none' || ordering.unit === 'none' ? { unit: 'none', scaleOut: 'none' } : ordering,
    limits: limits === undefined ? fullCapabilities.limits : limitsOf(limits),
  }
}

export function checkCapabilities(path: string, options: unknown): OptionProblem[] {
  const problems = checkOptions(path, options, {
    privateAddress: optional(flag),
    replies: optional(oneOf('temporary', 'none')),
    delay: optional(delayForm),
    ordering: optional(orderingForm),
    deliveryCount: optional(oneOf('none', 'crashes', 'all')),
    limits: optional(objectForm),
    unroutable: optional(oneOf('detected', 'silent')),
  })
  const limits = isObject(options) ? options['limits'] : undefined
  if (!isObject(limits)) return problems
  if (!isPerKind(limits)) return [...problems, ...checkOptions(`${path}.limits`, limits, sizes)]
  const kinds = checkOptions(`${path}.limits`, limits, { endpoint: optional(objectForm), topic: optional(objectForm) })
  const nested = Object.entries(limits).filter(([kind, of]) => (kind === 'endpoint' || kind === 'topic') && isObject(of))
  return [...problems, ...kinds, ...nested.flatMap(([kind, of]) => checkOptions(`${path}.limits.${kind}`, of, sizes))]
}

const size = optional(integer(1, Number.MAX_SAFE_INTEGER))
const sizes = { messageBytes: size, batchCount: size, batchBytes: size }

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)
const objectForm: Check = (value) => (isObject(value) ? undefined : 'an object')
const isPerKind = (value: object): boolean => 'endpoint' in value || 'topic' in value

const isDelayLimit = (value: unknown): boolean =>
  value === 'none' || (isObject(value) && typeof value['maxMs'] === 'number' && value['maxMs'] > 0 && typeof value['resolutionMs'] === 'number')
const delayForm: Check = (value) =>
  isDelayLimit(value) || (isObject(value) && isDelayLimit(value['endpoint']) && isDelayLimit(value['topic']))
    ? undefined
    : '"none", { maxMs, resolutionMs }, or one of these per { endpoint, topic }'
const orderingForm: Check = (value) =>
  value === 'none' || (isObject(value) && (value['unit'] === 'none' || (value['unit'] === 'key' && value['scaleOut'] === 'rebalances')))
    ? undefined
    : '"none" or { unit: "key", scaleOut: "rebalances" }'

function perKind(delay: NonNullable<NarrowedCapabilities['delay']>): PerKind<DelayLimit | 'none'> {
  return typeof delay === 'object' && 'endpoint' in delay ? delay : { endpoint: delay, topic: delay }
}

function limitsOf(limits: NonNullable<NarrowedCapabilities['limits']>): PerKind<SizeLimits> {
  const { endpoint, topic } = isPerKind(limits) ? (limits as Partial<PerKind<Partial<SizeLimits>>>) : { endpoint: limits, topic: limits }
  return { endpoint: { ...defaultLimits, ...endpoint }, topic: { ...defaultLimits, ...topic } }
}
