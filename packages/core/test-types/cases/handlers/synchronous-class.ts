// A handler may answer at once.
import { CommandHandler, handle } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

@CommandHandler(CancelOrder)
class Cancel {
  handle(_command: CancelOrder) {}
}
