import { anything, checkOptions, oneOf, optional, redactUrl, text, type OptionProblem } from '../wire/index.js'
import { checkCapabilities, fullCapabilities, narrow, type MemoryCapabilities, type NarrowedCapabilities } from './capabilities.js'
import { badOptions } from './errors.js'
import { MemoryBroker } from './memory-broker.js'
import { memoryBroker } from './named-brokers.js'

interface CommonOptions {
  /** Narrows what the transport has; it refuses the rest. @default everything that a broker in memory can do */
  readonly capabilities?: NarrowedCapabilities
}

/** Which broker, and how much of it. */
export type MemoryOptions = CommonOptions &
  (
    | {
        /** Buses that name the same broker share it. @default a broker that only this source reaches */
        readonly name?: string
        readonly broker?: never
      }
    | {
        /** A broker made with `createMemoryBroker`. */
        readonly broker: MemoryBroker
        readonly name?: never
      }
  )

export interface ResolvedMemoryOptions {
  /** `undefined`: one of its own. */
  readonly broker: MemoryBroker | undefined
  readonly capabilities: MemoryCapabilities
}

/** Throws one error that lists everything that is wrong. */
export function resolveOptions(options: unknown): ResolvedMemoryOptions {
  const problems = checkOptions('memory', options, {
    name: optional(text),
    broker: optional((value) => (value instanceof MemoryBroker ? undefined : 'a broker from createMemoryBroker() or memoryBroker()')),
    capabilities: anything,
  })
  const { name, broker, capabilities } = (options ?? {}) as MemoryOptions
  if (name !== undefined && broker !== undefined) problems.push({ what: 'memory has a name and a broker', fix: 'Pass one of them.' })
  if (capabilities !== undefined) problems.push(...checkCapabilities('memory.capabilities', capabilities))
  if (problems.length > 0) throw badOptions(problems)
  return {
    broker: broker ?? (name === undefined ? undefined : memoryBroker(name)),
    capabilities: capabilities === undefined ? fullCapabilities : narrow(capabilities),
  }
}

/** `memory:`, `memory:orders`, `memory://orders`, or `{ kind: 'memory', … }`: the options that they stand for. */
export function optionsOf(config: URL | object): unknown {
  if (config instanceof URL) return ofUrl(config)
  const problems = checkKind(config)
  if (problems.length > 0) throw badOptions(problems)
  const { kind: _, ...options } = config as { readonly kind: string }
  return options
}

function checkKind(config: object): OptionProblem[] {
  const expected = oneOf('memory')('kind' in config ? config.kind : undefined)
  return expected === undefined ? [] : [{ what: `transport.kind must be ${expected}`, fix: `Set transport.kind to ${expected}.` }]
}

function ofUrl(url: URL): unknown {
  const name = decode(url.host === '' ? url.pathname : url.host)
  const beside = url.host === '' ? '' : url.pathname
  const isPlain =
    url.protocol === 'memory:' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    (beside === '' || beside === '/') &&
    name?.includes('/') === false
  if (isPlain) return name === '' ? {} : { name }
  throw badOptions([
    {
      what: `transport cannot be ${JSON.stringify(redactUrl(url.href))}`,
      fix: 'Write memory: for a broker of its own, or memory:orders for one that is shared by name.',
    },
  ])
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
