import type { Settlement } from '../context/index.js'
import { asError, errorFacts, HandlerDeclarationError, quote } from '../errors/index.js'
import type { HandlerClass, HandlerRecord } from '../handlers/index.js'
import type { BoundHandler, HandlerContext } from '../invocation/index.js'
import type { Logger } from '../logging/logger.js'
import type { ResolvedPolicy } from '../recovery/index.js'
import type { Container } from './container.js'

export interface Binding {
  readonly record: HandlerRecord
  readonly container: Container | undefined
  readonly instances: Instances
  readonly logger: Logger
  readonly timeoutMs: number
  readonly policy: ResolvedPolicy
  readonly invoke: (context: HandlerContext) => Promise<Settlement>
}

/** What was made without a container: one instance of a class for all its methods, in all endpoints of the bus. */
export type Instances = Map<abstract new (...args: never[]) => object, object>

/** A handler as its endpoint runs it. */
export function bindHandler({ record, container, instances, logger, timeoutMs, policy, invoke }: Binding): BoundHandler {
  const { id, formerIds, name } = record
  return { id, formerIds, name, timeoutMs, policy, run: runOf(record, { container, instances, logger }), invoke }
}

function runOf(
  { entry }: HandlerRecord,
  { container, instances, logger }: Pick<Binding, 'container' | 'instances' | 'logger'>,
): (context: HandlerContext) => unknown {
  switch (entry.kind) {
    case 'function': {
      const { run } = entry
      return (context) => run(context.message as never, context)
    }
    case 'instance':
      return callOn(entry.instance, entry.method)
    case 'class': {
      const { type, method, parameters } = entry
      if (container !== undefined && (parameters > 0 || container.has?.(type) === true)) return callFrom(container, type, { method, logger })
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
  (context) => {
    const handler: unknown = Reflect.get(instance, method)
    if (typeof handler !== 'function') throw noMethod(instance, method)
    return (handler as Method).call(instance, context.message, context)
  }

const noMethod = (instance: object, method: string | symbol): HandlerDeclarationError =>
  new HandlerDeclarationError(
    `The handler ${quote(instance.constructor)} has no method ${quote(String(method))}`,
    'Add it, or give the decorated class to the container',
  )

function callFrom(
  container: Container,
  type: HandlerClass,
  { method, logger }: { readonly method: string | symbol; readonly logger: Logger },
): (context: HandlerContext) => unknown {
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
      // What the handler came to stands: it has run, or failed, whatever becomes of its instances.
      await release(container, context, logger)
    }
  }
}

async function release(container: Container, context: HandlerContext, logger: Logger): Promise<void> {
  try {
    await container.release?.(context)
  } catch (error) {
    const { message } = errorFacts(asError(error, context.handler))
    logger.warn(
      { messageId: context.id, type: context.type, endpoint: context.endpoint, handler: context.handler, error: message },
      `The container could not release what it made for ${context.handler}`,
    )
  }
}
