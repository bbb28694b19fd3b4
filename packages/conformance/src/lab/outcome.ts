import type { FailedSend } from '@waybill/core'

/** Three, never two. */
export type Outcome = 'confirmed' | 'refused' | 'unknown'

/** What a rejection says of the message: a request that was answered with a fault, or not at all, had been taken or may have been. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof Error)) return 'refused'
  const { failures } = error as { readonly failures?: readonly FailedSend[] }
  if (failures !== undefined) return failures.some(({ outcome }) => outcome === 'unknown') ? 'unknown' : 'refused'
  const code = 'code' in error ? error.code : undefined
  if (code === 'WAYBILL_REMOTE') return 'confirmed'
  return code === 'WAYBILL_REQUEST_TIMEOUT' || code === 'WAYBILL_REQUEST_STOPPED' || code === 'WAYBILL_ABORTED' || error.name === 'ScenarioEnded'
    ? 'unknown'
    : 'refused'
}
