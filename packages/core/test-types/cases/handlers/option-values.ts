// Options may be shared.
import { CommandHandler, handle, type HandlerOptions } from '@waybill/core'
import { Scan } from '../../orders.js'

const careful: HandlerOptions = { retry: { immediate: 0, delayed: ['1h'] }, timeout: '1m', concurrency: 1, use: [] }
@CommandHandler(Scan, careful)
class Read {
  handle(scan: Scan) {
    scan.text()
  }
}
