// A command is no query.
import { CommandHandler, QueryHandler } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

class Orders {
  @QueryHandler(CancelOrder) // accepted: @CommandHandler(CancelOrder)
  cancel(_command: CancelOrder) {}
}

// expect legacy
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'TypedPropertyDescriptor<(_command: CancelOrder) => void>' is not assignable to parameter of type 'readonly ["the first parameter must be", AnyQuery]'.
// TS2345: Argument of type 'typeof CancelOrder' is not assignable to parameter of type 'AnyQueryClass'.
//   Types of property 'kind' are incompatible.
//     Type '"command"' is not assignable to type '"query"'.

// expect standard
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type '(_command: CancelOrder) => void' is not assignable to parameter of type 'Mistake<"the first parameter must be", AnyQuery>'.
// TS2345: Argument of type 'typeof CancelOrder' is not assignable to parameter of type 'AnyQueryClass'.
//   Types of property 'kind' are incompatible.
//     Type '"command"' is not assignable to type '"query"'.
