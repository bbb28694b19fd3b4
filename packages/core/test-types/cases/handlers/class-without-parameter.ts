// A handler may ignore its message.
import { CommandHandler, handle } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

@CommandHandler(CancelOrder)
class Cancel {
  handle() {}
}
