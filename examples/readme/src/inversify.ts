// #region container
import 'reflect-metadata'
import { Bus, CommandHandler, createBus, MessageContext } from '@waybill/core'
import { inversifyContainer } from '@waybill/inversify'
import { Container, injectable } from 'inversify'
import { OrderPlaced, PlaceOrder } from './messages.js'

@injectable()
export class AuditLog {
  readonly lines: string[] = []
  // A singleton, and still always the context of the message that is being handled.
  constructor(private readonly context: MessageContext) {}

  write(text: string): void {
    this.lines.push(`${this.context.type}: ${text}`)
  }
}

@injectable()
@CommandHandler(PlaceOrder)
export class PlaceOrderHandler {
  constructor(
    private readonly bus: Bus,
    private readonly log: AuditLog,
  ) {}

  async handle({ orderId, pieces }: PlaceOrder) {
    this.log.write(`${pieces} pieces`)
    await this.bus.publish(new OrderPlaced({ orderId, pieces })) // held until this handler succeeds
    return { pieces }
  }
}

export const container = new Container()
container.bind(AuditLog).toSelf().inSingletonScope()

export const bus = createBus({ name: 'orders', transport: 'memory:', handlers: [PlaceOrderHandler], container: inversifyContainer(container) })
// #endregion
