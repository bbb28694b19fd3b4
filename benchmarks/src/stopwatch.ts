export type Clock = 'processor' | 'wall'

/**
 * Nanoseconds since some moment. `processor`: what this thread has used, so that neighbours on the machine count little; as fine as a few milliseconds,
 * so for long rounds. `wall`: what has passed.
 */
export const read: Readonly<Record<Clock, () => number>> = {
  processor: () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) * 1_000
  },
  wall: () => Number(process.hrtime.bigint()),
}
