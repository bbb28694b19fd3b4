/** What a run on a file of orders must come to. */
export function expected(text: string): {
  readonly read: number
  readonly accepted: number
  readonly rejected: number
  readonly retried: number
  readonly shipped: number
  readonly deadLettered: number
}
