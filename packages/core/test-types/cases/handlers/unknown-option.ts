// An option that does not exist names the one that was meant.
import { CommandHandler, handle } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

@CommandHandler(CancelOrder, { timout: '5s' }) // accepted: @CommandHandler(CancelOrder, { timeout: '5s' })
class Cancel {
  handle(_command: CancelOrder) {}
}

// expect
// TS2561: Object literal may only specify known properties, but 'timout' does not exist in type 'HandlerOptions'. Did you mean to write 'timeout'?
