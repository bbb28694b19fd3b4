import 'reflect-metadata'
// #region inferred
import { CommandHandler, EventHandler } from '@waybill/core'
import { OrderPlaced, PlaceOrder } from './messages.js'

export class Orders {
  @CommandHandler()
  place(command: PlaceOrder) {
    return { pieces: command.pieces }
  }

  @EventHandler()
  count(_event: OrderPlaced) {}
}
// #endregion
