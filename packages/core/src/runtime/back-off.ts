export interface BackOff {
  readonly firstMs: number
  readonly longestMs: number
}

/** The wait before attempt `failures + 1`: doubles from `firstMs` to `longestMs`, plus up to half of itself, so that a crowd does not come back at once. Never shorter. */
export function backOffMs(failures: number, { firstMs, longestMs }: BackOff, random: () => number): number {
  const base = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30))
  return base + Math.floor((random() * base) / 2)
}
