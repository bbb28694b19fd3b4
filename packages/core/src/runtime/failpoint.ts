import { channel } from 'node:diagnostics_channel'

/** Every step of the pipelines, by the place where a process may die. */
export type FailpointName =
  // one delivery
  | 'after-receive'
  | 'after-defer'
  | 'after-drop-expired'
  | 'after-incoming-wire'
  | 'after-deserialize'
  | 'after-dispatch'
  | 'after-copies'
  | 'before-settle'
  // one handler of it
  | 'before-handler'
  | 'after-handler'
  | 'after-reply'
  | 'before-flush'
  | 'after-flush'
  | 'after-recover'
  // one message on its way out
  | 'after-outgoing-message'
  | 'after-route'
  | 'after-serialize'
  | 'after-identity'
  | 'after-hold'
  | 'after-outgoing-wire'
  | 'before-send'
  | 'after-send'

/** A bus died at an armed failpoint. Transports that live in this process cut its connections, as a broker would. */
export interface CrashEvent {
  readonly instanceId: string
  readonly failpoint: FailpointName
}
/** The channel `waybill:crash`, on which each `CrashEvent` is published before the armed failpoint stops its bus. */
export const crashes = channel('waybill:crash')

interface Armed {
  readonly reach: (instanceId: string) => Promise<never> | undefined
}
const armed = new Map<FailpointName, Armed>()

/** A no-op unless armed. Where it returns a promise, await it: it never resolves. */
export function failpoint(name: FailpointName, instanceId: string): Promise<never> | undefined {
  return armed.size === 0 ? undefined : armed.get(name)?.reach(instanceId)
}

/** Arms a failpoint: the next bus that reaches it (or the one that is named) dies there, as far as its broker can see. Disarms itself when it has fired. */
export function crashAt(name: FailpointName, options: { readonly instanceId?: string; readonly skip?: number } = {}): { readonly reached: Promise<CrashEvent>; disarm(): void } {
  let skip = options.skip ?? 0
  const { promise: reached, resolve } = Promise.withResolvers<CrashEvent>()
  const disarm = (): void => void armed.delete(name)
  armed.set(name, {
    reach(instanceId) {
      if (options.instanceId !== undefined && options.instanceId !== instanceId) return undefined
      if (skip > 0) {
        skip -= 1
        return undefined
      }
      disarm()
      const event: CrashEvent = { instanceId, failpoint: name }
      crashes.publish(event)
      resolve(event)
      return new Promise<never>(() => undefined)
    },
  })
  return { reached, disarm }
}
