import type { Settlement } from '../context/index.js'
import type { HandlerRecord } from '../handlers/index.js'
import type { BoundHandler, HandlerContext } from '../invocation/index.js'
import type { ResolvedPolicy } from '../recovery/index.js'
import { Lanes } from '../runtime/lanes.js'
import type { Container } from './container.js'

export interface Binding {
  readonly record: HandlerRecord
  readonly container: Container | undefined
  readonly instances: Instances
  readonly timeoutMs: number
  readonly policy: ResolvedPolicy
  readonly invoke: (context: HandlerContext) => Promise<Settlement>
}

/** What was made without a container: one instance of a class for all its methods, in all endpoints of the bus. */
export type Instances = Map<abstract new (...args: never[]) => object, object>

/** A handler as its endpoint runs it. */
export function bindHandler({ record, container, instances, timeoutMs, policy, invoke }: Binding): BoundHandler {
  const { id, formerIds, name, options } = record
  const limit = options.concurrency === undefined ? undefined : new Lanes(options.concurrency)
  return { id, formerIds, name, timeoutMs, policy, limit, run: runOf(record, container, instances), invoke }
}

function runOf({ entry }: HandlerRecord, container: Container | undefined, instances: Instances): (context: HandlerContext) => unknown {
  switch (entry.kind) {
    case 'function': {
      const { run } = entry
      return (context) => run(context.received.message as never, context)
    }
    case 'instance':
      return callOn(entry.instance, entry.method)
    case 'class': {
      const { type, method, parameters } = entry
      if (container !== undefined && (parameters > 0 || container.has?.(type) === true)) return callFrom(container, type, method)
      const instance = instances.get(type) ?? (Reflect.construct(type, []) as object)
      instances.set(type, instance)
      return callOn(instance, method)
    }
  }
}

type Method = (message: object, context: HandlerContext) => unknown

/** By name, at the call: an override or a wrapper stays the handler. */
const callOn =
  (instance: object, method: string | symbol): ((context: HandlerContext) => unknown) =>
  (context) =>
    (instance as Readonly<Record<string | symbol, Method>>)[method]?.(context.received.message, context)

function callFrom(container: Container, type: abstract new (...args: never[]) => object, method: string | symbol): (context: HandlerContext) => unknown {
  const call = (instance: object, context: HandlerContext): unknown => callOn(instance, method)(context)
  if (container.release === undefined) {
    return (context) => {
      const made = container.get(type, context)
      return made instanceof Promise ? made.then((instance) => call(instance, context)) : call(made, context)
    }
  }
  return async (context) => {
    try {
      return await call(await container.get(type, context), context)
    } finally {
      await container.release?.(context)
    }
  }
}
