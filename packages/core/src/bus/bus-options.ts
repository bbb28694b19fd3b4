import type { Middleware } from '../context/index.js'
import type { Clock, Stores, TransportSource } from '../contract/index.js'
import type { HandlerEntry } from '../handlers/index.js'
import type { Logger } from '../logging/logger.js'
import type { AnyEventClass, AnyMessageClass } from '../messages/index.js'
import type { Pipeline } from '../pipeline/index.js'
import type { RecoveryPolicy, RetryOptions } from '../recovery/index.js'
import type { Duration } from '../wire/index.js'
import type { Container } from './container.js'

/** A transport in a configuration file: `{ kind: 'rabbitmq', url: … }`. */
export interface TransportBlock {
  readonly kind: string
  readonly [option: string]: unknown
}

/** What holds for the handlers of one endpoint, inside what holds for the bus. */
export interface EndpointSettings {
  /** Handlers that run at once in this process. @default 10 */
  readonly concurrency?: number
  /** Parts of an ordered endpoint that different processes can take. @default 8 */
  readonly shards?: number
  /** @default the bus's */
  readonly retry?: RetryOptions | RecoveryPolicy
  /** When a handler's signal aborts and its attempt has failed; 'none' must be written. @default '5m' */
  readonly handlerTimeout?: Duration | 'none'
  /** The steps around each handler, outermost first: `standardPipeline({ … })` of `@waybill/core/middleware`, composed further, or a list. @default the bus's, which is standardPipeline() */
  readonly pipeline?: Pipeline | readonly Middleware[]
}

/** An endpoint of its own, for handlers that need other settings. */
export interface EndpointOptions extends EndpointSettings {
  readonly handlers: readonly HandlerEntry[]
  /** Around these handlers alone, inside of the bus's middleware: incoming message steps only. */
  readonly middleware?: readonly Middleware[]
}

export interface CommonOptions extends EndpointSettings {
  /** Names the bus, its endpoint, and the `source` of what it sends. */
  readonly name: string
  /** An object from a transport's factory, a URL such as `amqp://localhost`, or a block with `kind`. @default 'memory:' */
  readonly transport?: string | TransportSource | TransportBlock
  /** Around every message, in this order; incoming wire steps in reverse. Its incoming message steps run in the pipeline's place for them. */
  readonly middleware?: readonly Middleware[]
  /** Message types, or prefixes ending in `*`, to endpoints. @default the type's first segment */
  readonly routes?: Readonly<Record<string, string>>
  /** What this bus sends without handling it: provisioned, routed and checked at start. */
  readonly sends?: readonly AnyMessageClass[]
  /** The events that `requestEvent` may wait for: each instance that waits gets its own copy of their topics. */
  readonly awaits?: readonly AnyEventClass[]
  /** How long a send is tried before it is rejected. @default '30s' */
  readonly publishTimeout?: Duration
  /** How long `stop()` waits for handlers that run. @default '30s' */
  readonly stopTimeout?: Duration
  /** Larger bodies are dead-lettered before they are parsed. @default 8_388_608 */
  readonly maxBodyBytes?: number
  /** How far the clocks of senders may differ from ours before something counts as expired. @default '5s' */
  readonly clockSkew?: Duration
  /** How long a message of an unknown type or for an unknown handler waits for an instance that knows it. @default ['10s', '1m', '9m'] */
  readonly unknown?: readonly Duration[]
  /** `create`: adds what is missing; `check`: refuses to start when something is; `none`: asks nothing. @default 'create' */
  readonly provision?: 'create' | 'check' | 'none'
  /** What outlives a message's moment: each where a feature needs it. @default none */
  readonly stores?: Stores
  /** How often a schedule store that cannot be watched is asked for what other instances have left: what is due there comes at most so much later. @default '5s' */
  readonly schedulePoll?: Duration
  /** @default warnings and errors to stderr, one line of JSON each */
  readonly logger?: Logger
  /** @default the machine's */
  readonly clock?: Clock
}

type AnyConstructor = abstract new (...args: never[]) => object
// A class whose constructor takes nothing can be made here.
type WithParameters<H> = H extends AnyConstructor ? (H extends new () => object ? never : H) : never
interface ContainerFor<Handlers> {
  /** Makes the handlers whose constructors have parameters. */
  readonly container: Container & { readonly '~for'?: Handlers }
}

type Endpoints = Readonly<Record<string, EndpointOptions>>
type HandlersOf<E> = E[keyof E] extends infer Each ? (Each extends { readonly handlers: readonly (infer H)[] } ? H : never) : never

/** A class whose constructor has parameters makes `container` required; an instance never does. Endpoints are inferred as a whole: their handlers need not be of one type. */
export type BusOptions<H = never, E extends Endpoints = {}> = CommonOptions & {
  /** Handler classes, instances of them, and functions made by `on` and `handle`. */
  readonly handlers?: readonly H[]
  readonly endpoints?: E
} & ([WithParameters<H | HandlersOf<E>>] extends [never] ? { readonly container?: Container } : ContainerFor<WithParameters<H | HandlersOf<E>>>)

/** The same, where nothing is inferred any more. */
export type AnyBusOptions = CommonOptions & {
  readonly handlers?: readonly HandlerEntry[]
  readonly endpoints?: Readonly<Record<string, EndpointOptions>>
  readonly container?: Container
}
