import { createBus } from '@waybill/core'

let done: Promise<unknown> | undefined

/** A bus loads what runs it when it is first needed: no scenario's virtual time may pass meanwhile. */
export function warmUp(): Promise<unknown> {
  return (done ??= createBus({ name: 'warm-up' }).describe())
}
