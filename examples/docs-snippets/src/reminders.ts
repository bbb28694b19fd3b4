// #region delay
import { Command, createBus, handle, on, type Bus } from '@waybill/core'
import { memorySchedule } from '@waybill/core/memory'
import { z } from 'zod'
import { OrderPlaced } from './messages.js'

export class RemindCustomer extends Command('reminders.remind-customer', z.object({ orderId: z.string(), customer: z.string() })) {}

export const plan = on(OrderPlaced, { id: 'reminders.plan' }, async ({ orderId, customer }, context) => {
  await context.send(new RemindCustomer({ orderId, customer }), { id: `remind-${orderId}`, delay: '30d', cancelable: true })
})

export const reminded: string[] = []
export const remind = handle(RemindCustomer, ({ customer }) => void reminded.push(customer))
// #endregion

// #region store
export const bus = createBus({
  name: 'reminders',
  transport: 'memory:',
  stores: { schedule: memorySchedule() },
  handlers: [plan, remind],
})
// #endregion

// #region cancel
export async function orderPaid(bus: Bus, orderId: string): Promise<string> {
  switch (await bus.cancel(`remind-${orderId}`)) {
    case 'cancelled':
      return 'it will never arrive'
    case 'too-late':
      return 'it has left, or may have'
  }
}
// #endregion
