import type { Bus } from '@waybill/core'

/** What a snippet that only sends needs. */
export type Sender = Pick<Bus, 'send' | 'publish' | 'request'>
