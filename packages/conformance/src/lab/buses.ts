import {
  createBus,
  type Bus,
  type BusOptions,
  type EndpointOptions,
  type EndpointSettings,
  type FunctionHandler,
  type HandlerEntry,
  type Middleware,
  type Stopped,
} from '@waybill/core'
import type { Capabilities, TransportSource } from '@waybill/core/contract'
import type { Place } from '../harness/harness.js'
import type { HistoryRecorder } from '../recorder/history-recorder.js'
import type { RecordingLog } from '../recorder/recording-logger.js'
import { mortal } from '../recorder/mortal-transport.js'
import { watched } from '../recorder/watched-transport.js'

type CommonOptions = Omit<BusOptions<FunctionHandler>, 'name' | 'transport' | 'clock' | 'logger' | 'handlers' | 'endpoints' | 'container'>

/** A bus of a scenario: what a user may say, but for what the lab supplies. */
export interface LabBusOptions extends CommonOptions, EndpointSettings {
  /** @default 'orders' where it handles something, else 'caller' */
  readonly name?: string
  readonly handlers?: readonly FunctionHandler[]
  readonly endpoints?: Readonly<Record<string, EndpointOptions & { readonly handlers: readonly HandlerEntry[] }>>
  readonly middleware?: readonly Middleware[]
  /** What this bus finds instead of what the transport has. */
  readonly capabilities?: Partial<Capabilities>
  /** Around the transport of this bus. */
  readonly wrap?: (source: TransportSource) => TransportSource
}

interface Known {
  readonly bus: Bus
  readonly options: LabBusOptions
  instance: string
  state: 'new' | 'running' | 'stopped' | 'crashed'
}

const defaultConcurrency = 10
/** A bus that died is stopped, too, and then nobody is there who could end. */
const realStopTimeout = '5s'

/** The buses of one scenario. */
export class Buses {
  readonly #place: Place
  readonly #recorder: HistoryRecorder
  readonly #log: RecordingLog
  readonly #sabotage: (source: TransportSource) => TransportSource
  readonly #known: Known[] = []

  constructor({
    place,
    recorder,
    log,
    sabotage,
  }: {
    readonly place: Place
    readonly recorder: HistoryRecorder
    readonly log: RecordingLog
    readonly sabotage: (source: TransportSource) => TransportSource
  }) {
    this.#place = place
    this.#recorder = recorder
    this.#log = log
    this.#sabotage = sabotage
  }

  /** Made, not started. */
  create(options: LabBusOptions): Bus {
    const { capabilities, wrap = (source) => source, name = nameOf(options), ...given } = options
    const source = this.#place.transport(capabilities === undefined ? {} : { capabilities })
    const watcher = {
      connected: (instance: string) => {
        known.instance = instance
        this.#recorder.connected(instance)
        this.#recorder.runs(instance, (endpoint) => options.endpoints?.[endpoint]?.concurrency ?? options.concurrency ?? defaultConcurrency)
      },
      subscribed: this.#recorder.subscribed.bind(this.#recorder),
      limited: this.#recorder.limited.bind(this.#recorder),
      held: this.#recorder.held.bind(this.#recorder),
    }
    const transport = watched(mortal(wrap(this.#sabotage(source))), watcher, capabilities)
    const bus = createBus({
      ...(this.#place.time === 'real' && { stopTimeout: realStopTimeout }),
      ...given,
      name,
      transport,
      clock: this.#place.clock,
      logger: this.#log.logger(),
    } as BusOptions<HandlerEntry>)
    const known: Known = { bus, options, instance: '', state: 'new' }
    this.#known.push(known)
    return bus
  }

  async start(bus: Bus): Promise<void> {
    const known = this.#of(bus)
    await bus.start()
    known.state = 'running'
  }

  async stop(bus: Bus): Promise<Stopped> {
    const known = this.#of(bus)
    const stopped = await bus.stop()
    if (known.state !== 'crashed') known.state = 'stopped'
    return stopped
  }

  /** Where nobody stops any more. */
  crashed(instance: string): void {
    const known = this.#known.find((each) => each.instance === instance)
    if (known !== undefined) known.state = 'crashed'
  }

  instanceOf(bus: Bus): string {
    return this.#of(bus).instance
  }
  optionsOf(bus: Bus): LabBusOptions {
    return this.#of(bus).options
  }
  get running(): readonly Bus[] {
    return this.#known.filter(({ state }) => state === 'running').map(({ bus }) => bus)
  }
  /** Those that a scenario may have started by itself, too. */
  get left(): readonly Bus[] {
    return this.#known.filter(({ bus, state }) => state !== 'crashed' && !['new', 'stopped', 'failed'].includes(bus.health().status)).map(({ bus }) => bus)
  }
  get crashedBuses(): readonly Bus[] {
    return this.#known.filter(({ state }) => state === 'crashed').map(({ bus }) => bus)
  }

  /** The endpoints of every bus that ever was, which outlive it. */
  async endpoints(): Promise<readonly string[]> {
    const described = await Promise.all(this.#known.filter(({ instance }) => instance !== '').map(({ bus }) => bus.describe()))
    return [...new Set(described.flatMap(({ endpoints }) => endpoints.map(({ name }) => name)))]
  }

  #of(bus: Bus): Known {
    const known = this.#known.find((each) => each.bus === bus)
    if (known === undefined) throw new TypeError(`The bus ${bus.name} is not of this scenario. Make it with lab.bus() or lab.newBus()`)
    return known
  }
}

const nameOf = ({ handlers = [], endpoints = {} }: LabBusOptions): string => (handlers.length + Object.keys(endpoints).length === 0 ? 'caller' : 'orders')
