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
  | 'before-mark'
  | 'after-mark'
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
  // one message that was due in the schedule store
  | 'before-schedule-send'
  | 'after-schedule-send'

/** A bus died at an armed failpoint. Transports that live in this process cut its connections, as a broker would. */
export interface CrashEvent {
  readonly instanceId: string
  readonly failpoint: FailpointName
}
/** The channel `waybill:crash`, on which each `CrashEvent` is published before the armed failpoint stops its bus. */
export const crashes = channel('waybill:crash')

/** The buses that died. */
const dead = new Set<string>()

/** Whether the bus has died at a failpoint: what it would do by itself, its timers, does not happen. */
export const hasCrashed = (instanceId: string): boolean => dead.has(instanceId)

type Reach = (instanceId: string) => Promise<never> | undefined
/** What is armed at each place: for one bus, or for whichever comes. */
const armed = new Map<FailpointName, Set<Reach>>()

/** A no-op unless armed. Where it returns a promise, await it: it never resolves. */
export function failpoint(name: FailpointName, instanceId: string): Promise<never> | undefined {
  return armed.size === 0 ? undefined : reach(name, instanceId)
}

function reach(name: FailpointName, instanceId: string): Promise<never> | undefined {
  for (const reached of armed.get(name) ?? []) {
    const death = reached(instanceId)
    if (death !== undefined) return death
  }
  return undefined
}

/** Arms a failpoint: the next bus that reaches it (or the one that is named) dies there, as far as its broker can see. Disarms itself when it has fired. */
export function crashAt(
  name: FailpointName,
  options: { readonly instanceId?: string; readonly skip?: number } = {},
): { readonly reached: Promise<CrashEvent>; disarm(): void } {
  let skip = options.skip ?? 0
  const { promise: reached, resolve } = Promise.withResolvers<CrashEvent>()
  const here = armed.get(name) ?? new Set<Reach>()
  armed.set(name, here)
  const disarm = (): void => {
    here.delete(crash)
    if (here.size === 0 && armed.get(name) === here) armed.delete(name)
  }
  const crash: Reach = (instanceId) => {
    if (options.instanceId !== undefined && options.instanceId !== instanceId) return undefined
    if (skip > 0) {
      skip -= 1
      return undefined
    }
    disarm()
    const event: CrashEvent = { instanceId, failpoint: name }
    dead.add(instanceId)
    crashes.publish(event)
    resolve(event)
    return new Promise<never>(() => undefined)
  }
  here.add(crash)
  return { reached, disarm }
}
