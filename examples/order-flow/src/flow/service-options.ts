import type { Logger } from '@waybill/core'
import type { Container } from 'inversify'

/** What the three services share. */
export interface ServiceOptions {
  readonly transport: string
  /** Each service has a container of its own below it. */
  readonly shared: Container
  readonly logger: Logger
}
