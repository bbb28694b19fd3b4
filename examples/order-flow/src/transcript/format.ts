/** `0.2 ms`, `1.3 s`. */
export const formatMs = (ms: number): string => (ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(1)} s`)

/** The ends of an id: `0193…7c1e`. */
export const shortId = (id: string): string => (id.length <= 9 ? id : `${id.slice(0, 4)}…${id.slice(-4)}`)

/** `18 × lines: expected at least 1 item · 12 × orderId: invalid UUID`, the most frequent first. */
export const formatCounts = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .toSorted(([a, n], [b, m]) => m - n || a.localeCompare(b))
    .map(([what, n]) => `${n} × ${what}`)
    .join(' · ')

export const money = (cents: number): string => (cents / 100).toFixed(2)
