import type { BusOptions, Container, EndpointOptions, HandlerEntry, Logger } from '@waybill/core'

type Endpoints = Readonly<Record<string, EndpointOptions>>
type Settings = Omit<BusOptions, 'name' | 'transport' | 'clock' | 'provision' | 'handlers' | 'endpoints' | 'container'>
type ContainerOf<H, E extends Endpoints> =
  BusOptions<H, E> extends { readonly container: infer Needed } ? { readonly container: Needed } : { readonly container?: Container }

/** The options of the bus itself. A service's own are taken as they are: transport, clock and provisioning are replaced. */
export type TestBusOptions<H = never, E extends Endpoints = {}> = Settings & {
  /** @default the endpoint to which the commands and queries that it handles are routed; else 'test' */
  readonly name?: string
  readonly handlers?: readonly H[]
  readonly endpoints?: E
  /** @default none: failures are told by `failures()` */
  readonly logger?: Logger
} & ContainerOf<H, E>

/** The same, where nothing is inferred any more. */
export type AnyTestBusOptions = TestBusOptions<HandlerEntry, Endpoints>
