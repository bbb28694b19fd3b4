import type { Clock, TransportSource } from '@waybill/core/contract'

/** A fault that is planted into a transport, to see that the suite finds it. */
export interface Sabotage {
  readonly name: string
  /** What it does wrong. */
  readonly title: string
  wrap(source: TransportSource, context: { readonly seed: number; readonly clock: Clock }): TransportSource
}
