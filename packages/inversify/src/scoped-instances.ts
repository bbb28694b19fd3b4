import { contextKey, type MessageContext } from '@waybill/core'

/** What was made for one message, in the order in which it was made. Lives in the message's context, so it goes when that goes. */
const key = contextKey<ScopedInstances>('the instances of the message scope')

export class ScopedInstances {
  readonly #instances = new Map<symbol, unknown>()

  static of(context: MessageContext): ScopedInstances {
    let instances = context.find(key)
    if (instances === undefined) {
      instances = new ScopedInstances()
      context.set(key, instances)
    }
    return instances
  }

  /** `undefined` when this message asked for none: the usual case, and free. */
  static find(context: MessageContext): ScopedInstances | undefined {
    return context.find(key)
  }

  /** The instance, made when the message asks for the first time. A promise is kept as it is, so that two who ask while it is made get one. */
  getOrMake<T>(id: symbol, make: () => T): T {
    if (this.#instances.has(id)) return this.#instances.get(id) as T
    const made = make()
    this.#instances.set(id, made)
    return made
  }

  /** Disposes of what can be, the last one made first: it may use the earlier ones. All are tried, then the failures are thrown. */
  async dispose(): Promise<void> {
    const made = [...this.#instances.values()].toReversed()
    this.#instances.clear()
    const failures: unknown[] = []
    for (const instance of await Promise.all(made.map(orNothing))) {
      try {
        await disposeOf(instance)
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length === 1) throw failures[0]
    if (failures.length > 1) throw new AggregateError(failures, `${failures.length} instances of the message scope failed to dispose of themselves`)
  }
}

/** What could not be made: whoever asked for it has heard why. */
async function orNothing(made: unknown): Promise<unknown> {
  try {
    return await made
  } catch {
    return undefined
  }
}

function disposeOf(instance: unknown): unknown {
  if (typeof instance !== 'object' || instance === null) return undefined
  const { [Symbol.asyncDispose]: disposeLater, [Symbol.dispose]: dispose } = instance as Partial<AsyncDisposable & Disposable>
  return disposeLater === undefined ? dispose?.call(instance) : disposeLater.call(instance)
}
