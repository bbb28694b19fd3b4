import { parseDuration, type Check } from '../wire/index.js'

/** A duration that takes time. */
export const someTime: Check = (value) => ((parseDuration(value) ?? 0) > 0 ? undefined : 'a duration of at least a millisecond such as "250ms", "5s", "10m"')

/** A duration that a clock and a network can keep. */
export const seconds: Check = (value) => ((parseDuration(value) ?? 0) >= 1_000 ? undefined : 'a duration of at least a second such as "5s", "30s", "1m"')

/** A function, which only its call can check further. */
export const callback =
  (what: string): Check =>
  (value) =>
    typeof value === 'function' ? undefined : `a function of ${what}`
