// A document is handled like a command.
import { CommandHandler, EventHandler, handle } from '@waybill/core'
import { Scan } from '../../orders.js'

@EventHandler(Scan) // accepted: @CommandHandler(Scan)
class Read {
  handle(scan: Scan) {
    scan.text()
  }
}

// expect
// TS1238: Unable to resolve signature of class decorator when called as an expression.
//   Argument of type 'typeof Read' is not assignable to parameter of type 'Mistake<"the first parameter must be", AnyEvent>'.
// TS2345: Argument of type 'typeof Scan' is not assignable to parameter of type 'AnyEventClass | readonly AnyEventClass[]'.
//   Type 'typeof Scan' is not assignable to type 'AnyEventClass'.
//     Types of property 'kind' are incompatible.
//       Type '"document"' is not assignable to type '"event"'.
