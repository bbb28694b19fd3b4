import { Command, handle } from '@waybill/core'
import { z } from 'zod'
import { CancelOrder, ids, PlaceOrder, ShipOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

const outcomes = (error: unknown): unknown =>
  (error as { readonly failures?: readonly { readonly outcome: string }[] } | undefined)?.failures?.map(({ outcome }) => outcome)

export const confirmLost: Scenario = {
  id: 'FT-10',
  title: 'a send whose confirm is lost is never reported as refused, and can be sent again with its id',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'door:loseConfirms'],
  deliveries: 1,
  faults: ['loseConfirms'],
  async run(lab) {
    const seen: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, (_, { id }) => void seen.push(id))] })
    const caller = await lab.bus()
    await lab.faults.loseConfirms({ on: caller, times: 1, taken: true, retryable: false })
    const error = await lab.rejection(lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'message-1' }))
    lab.check('nobody knows, and it says so').equal(outcomes(error), ['unknown'])
    await lab.until('this one the broker has', () => seen.length === 1)
    lab
      .check('again with the same id it is confirmed')
      .equal(await lab.rejection(lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'message-1' })), undefined)
    await lab.quiet()
    lab.check('each time it was taken it is there, with that id').equal(seen, ['message-1', 'message-1'])
    await lab.faults.loseConfirms({ on: caller, times: 1, taken: false, retryable: false })
    lab
      .check('of one that the broker has not, nobody knows either')
      .equal(outcomes(await lab.rejection(lab.send(caller, new CancelOrder({ id: 'o2' }), { id: 'message-2' }))), ['unknown'])
    await lab.quiet()
    lab.check('it never comes').equal(seen.length, 2)
  },
}

export const refusedForGood: Scenario = {
  id: 'FT-11',
  title: 'a send that the broker refuses for good rejects, and the message never appears; one refused for a while is sent again',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'door:refuseSends'],
  deliveries: 1,
  faults: ['refuseSends'],
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus()
    await lab.faults.refuseSends({ on: caller, times: 1, retryable: false })
    lab.check('refused').equal(outcomes(await lab.rejection(lab.send(caller, new CancelOrder({ id: 'never' })))), ['refused'])
    await lab.faults.refuseSends({ on: caller, times: 2, retryable: true })
    lab.check('sent again until it is taken').equal(await lab.rejection(lab.send(caller, new CancelOrder({ id: 'o1' }))), undefined)
    await lab.quiet()
    lab.check('only the one that was confirmed').equal(handled, ['o1'])
  },
}

class Nowhere extends Command('nowhere.go', z.object({ id: z.string() })) {}

export const unroutable: Scenario = {
  id: 'FT-12',
  title: 'a command whose endpoint does not exist is an error that names it',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'unroutable-detected'],
  deliveries: 0,
  async run(lab) {
    const caller = await lab.bus({ publishTimeout: '2s' })
    const error = await lab.rejection(lab.send(caller, new Nowhere({ id: 'o1' })))
    lab.check('it rejects').error(error, { code: 'WAYBILL_SEND' })
    lab.check('and names the endpoint').matches(error instanceof Error ? error.message : '', 'nowhere')
  },
}

export const partialBatch: Scenario = {
  id: 'FT-13',
  title: 'of ten sends of which three are refused exactly these reject, and the others are not sent again',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'door:refuseSends'],
  deliveries: 7,
  faults: ['refuseSends'],
  async run(lab) {
    const handled: string[] = []
    await lab.bus({
      handlers: [handle(CancelOrder, ({ id }) => void handled.push(id)), handle(ShipOrder, ({ id }) => void handled.push(id))],
    })
    const caller = await lab.bus()
    await lab.faults.refuseSends({ on: caller, times: 3, retryable: false, type: 'orders.ship' })
    const sends = ids(10).map((id, index) => lab.rejection(lab.send(caller, index % 3 === 1 ? new ShipOrder({ id }) : new CancelOrder({ id }))))
    const errors = await lab.bounded('all of them settle', Promise.all(sends))
    await lab.quiet()
    lab.check('exactly those of that type reject').equal(
      errors.flatMap((error, index) => (error === undefined ? [] : [index])),
      [1, 4, 7],
    )
    lab.check('the others arrive once').sameMembers(
      handled,
      ids(10).filter((_, index) => index % 3 !== 1),
    )
    const confirmed = lab.seen('send').filter(({ outcome }) => outcome === 'confirmed').length
    lab.check('none was sent twice').equal(confirmed, 7)
  },
}

export const brokerBlocks: Scenario = {
  id: 'FT-14',
  title: 'while the broker takes nothing sends wait within their time-out, and consumers go on settling',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'door:holdSends'],
  deliveries: 11,
  faults: ['holdSends'],
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const well = await lab.bus({ name: 'well' })
    const blocked = await lab.bus({ name: 'blocked', publishTimeout: '3s' })
    const held = await lab.faults.holdSends({ on: blocked })
    const began = lab.now()
    const error = await lab.rejection(lab.send(blocked, new CancelOrder({ id: 'waits' })))
    lab.check('it ends at its time-out').between(lab.now() - began, 2_900, 6_000)
    lab.check('and says what is known').isTrue(error instanceof Error)
    for (const id of ids(10)) await lab.send(well, new CancelOrder({ id }))
    await lab.until('consumers go on', () => handled.length === 10)
    await held.end()
    lab.check('then it sends again').equal(await lab.rejection(lab.send(blocked, new CancelOrder({ id: 'after' }))), undefined)
    await lab.quiet()
    lab.check('what was confirmed is there').isTrue(handled.includes('after'))
  },
}

export const heldSendFails: Scenario = {
  id: 'FT-28',
  title: 'a flush whose broker refuses for a while sends only what failed again: the handler runs once, the ids stay',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'door:refuseSends'],
  deliveries: 6,
  faults: ['refuseSends'],
  async run(lab) {
    let runs = 0
    const shipped: string[] = []
    const bus = await lab.bus({
      handlers: [
        handle(PlaceOrder, async ({ id }, context) => {
          runs += 1
          for (const each of ids(5)) await context.send(new ShipOrder({ id: each }))
          return { id, total: 1 }
        }),
        handle(ShipOrder, ({ id }) => void shipped.push(id)),
      ],
    })
    const caller = await lab.bus()
    await lab.faults.refuseSends({ on: bus, times: 3, retryable: true, type: 'orders.ship' })
    await lab.send(caller, new PlaceOrder({ id: 'o1' }))
    await lab.quiet()
    lab.check('the handler ran once').equal(runs, 1)
    lab.check('each arrived once').sameMembers(shipped, ids(5))
  },
}
