import 'reflect-metadata'
// #region message-scope
import { CommandHandler, createBus, type Middleware } from '@waybill/core'
import { inversifyContainer, messageScope } from '@waybill/inversify'
import { Container, injectable } from 'inversify'
import { PlaceOrder } from './messages.js'

@injectable()
export class UnitOfWork {
  readonly writes: string[] = []
  write(text: string): void {
    this.writes.push(text)
  }
  commit(): void {
    committed.push(this.writes)
  }
}
export const committed: (readonly string[])[] = []

@injectable()
@CommandHandler(PlaceOrder)
export class PlaceOrderHandler {
  constructor(private readonly unit: UnitOfWork) {}

  handle({ pieces }: PlaceOrder) {
    this.unit.write(`${pieces} pieces`)
    return { pieces }
  }
}

const container = new Container()
messageScope(container).bind(UnitOfWork).toSelf()

/** Commits what the handler has written, when it succeeds. */
const transaction: Middleware = {
  name: 'transaction',
  incoming: {
    async message(context, next) {
      const unit = container.get(UnitOfWork) // the one that the handler gets
      const settlement = await next(context)
      unit.commit()
      return settlement
    },
  },
}

export const bus = createBus({
  name: 'orders',
  transport: 'memory:',
  handlers: [PlaceOrderHandler],
  middleware: [transaction],
  container: inversifyContainer(container),
})
// #endregion
