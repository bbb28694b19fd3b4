import { handle } from '@waybill/core'
import { MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const noOrder: Scenario = {
  id: 'CAP-01',
  title: 'without order by key, a bus with an ordered handler is refused at its start, and the need is named',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const bus = lab.newBus({ name: 'stock', capabilities: { ordering: { unit: 'none', scaleOut: 'none' } }, handlers: [handle(MoveStock, () => undefined)] })
    const error = await lab.rejection(lab.start(bus))
    lab.check('the start is refused').error(error, { code: 'WAYBILL_CONFIGURATION' })
    lab.check('the error names what is missing').matches(error instanceof Error ? error.message : '', 'order by key')
  },
}
