// handle may be a field.
import { CommandHandler, handle } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

@CommandHandler(CancelOrder)
class Cancel {
  handle = async (_command: CancelOrder) => {}
}
