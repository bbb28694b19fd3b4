/** Why a caller gave up; an error, whatever the signal was aborted with. */
export function abortReason({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new DOMException('The request was aborted', 'AbortError')
}
