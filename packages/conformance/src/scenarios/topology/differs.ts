import { handle } from '@waybill/core'
import { CancelOrder, MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const differs: Scenario = {
  id: 'TP-03',
  title: 'an entity that is there in another form is named once with both forms and stays as it is; the bus that declares it starts',
  group: 'TP',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 1,
  async run(lab) {
    await lab.stop(await lab.bus({ name: 'stock', routes: { 'orders.*': 'stock' }, handlers: [handle(CancelOrder, () => undefined)] }))
    const before = await lab.doors.entities()
    lab.expectLog('is different')
    const moved: string[] = []
    const bus = await lab.bus({ name: 'stock', handlers: [handle(MoveStock, ({ item }) => void moved.push(item))] })
    const told = lab.log.records.filter(({ text }) => text.includes('is different'))
    lab.check('it is told once').equal(told.length, 1)
    lab.check('with its name and both forms').matches(told[0]?.text ?? 'nothing', /stock.*declared ordered.*unordered/)
    lab.check('nothing of it has changed').equal(
      (await lab.doors.entities()).endpoints.map(({ name }) => name),
      before.endpoints.map(({ name }) => name),
    )
    await lab.send(bus, new MoveStock({ item: 'a', n: 1 }))
    await lab.quiet({ drain: false })
    lab.check('the connection is well').equal(moved, ['a'])
  },
}
