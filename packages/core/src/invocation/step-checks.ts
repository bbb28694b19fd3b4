import { parseDuration, type Check } from '../wire/index.js'

/** A duration that takes time. */
export const someTime: Check = (value) => ((parseDuration(value) ?? 0) > 0 ? undefined : 'a duration of at least a millisecond such as "250ms", "5s", "10m"')

/** A function, which only its call can check further. */
export const callback =
  (what: string): Check =>
  (value) =>
    typeof value === 'function' ? undefined : `a function of ${what}`
