/** How many unsettled deliveries an endpoint takes, so that the tail of them never loses its lock by waiting; `undefined` when even the running ones may. */
export function choosePrefetch(concurrency: number, handlerTimeoutMs: number, lockMs: number): number | undefined {
  if (lockMs === Number.POSITIVE_INFINITY) return Math.max(100, 10 * concurrency)
  if (handlerTimeoutMs > lockMs / 2) return undefined
  const waiting = Math.ceil(concurrency * Math.min(1, lockMs / (4 * handlerTimeoutMs)))
  const most = Math.floor((concurrency * lockMs) / (2 * handlerTimeoutMs))
  return Math.max(concurrency, Math.min(concurrency + waiting, most))
}
