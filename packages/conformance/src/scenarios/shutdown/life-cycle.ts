import { handle } from '@waybill/core'
import { CancelOrder, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const stopTogether: Scenario = {
  id: 'GS-06',
  title: 'ten stops at once and one more afterwards are one stop, and nothing is lost',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 20,
  async run(lab) {
    const handled: string[] = []
    const handlers = [handle(CancelOrder, ({ id }) => void handled.push(id))]
    const bus = await lab.bus({ concurrency: 2, handlers })
    const caller = await lab.bus()
    await Promise.all(ids(20).map((id) => lab.send(caller, new CancelOrder({ id }))))
    const stops = await Promise.all(Array.from({ length: 10 }, () => lab.stop(bus)))
    stops.push(await lab.stop(bus))
    lab.check('all of them say the same').equal(
      stops,
      Array.from({ length: 11 }, () => ({ unfinished: [] })),
    )
    lab.check('nobody is connected as that bus').equal((await lab.doors.connections()).includes(lab.instanceOf(bus)), false)
    await lab.bus({ handlers })
    await lab.quiet()
    lab.check('each is handled once').sameMembers(handled, ids(20))
  },
}

export const stopWhileStarting: Scenario = {
  id: 'GS-07',
  title: 'a stop before the start, during it, or while the broker is away ends what there is, and nothing comes up later',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address', 'door:cut', 'door:refuseConnections'],
  deliveries: 0,
  faults: ['refuseConnections', 'cut'],
  async run(lab) {
    lab.expectLog('warn')
    const handlers = [handle(CancelOrder, () => undefined)]
    const never = lab.newBus({ handlers })
    lab.check('before the start').equal(await lab.stop(never), { unfinished: [] })
    const during = lab.newBus({ handlers })
    const starting = lab.rejection(lab.start(during))
    lab.check('during the start').equal(await lab.stop(during), { unfinished: [] })
    await starting
    const away = await lab.bus({ handlers })
    const refused = await lab.faults.refuseConnections({ times: 1_000 })
    await lab.faults.cut({ on: away })
    await lab.pass(500)
    lab.check('while the broker is away').equal(await lab.stop(away), { unfinished: [] })
    await refused.end()
    await lab.pass(5_000)
    lab.check('nobody has connected since').empty(await lab.doors.connections())
  },
}

export const useAfterStop: Scenario = {
  id: 'GS-08',
  title: 'a stopped bus refuses every call at once, and says that nothing was sent',
  group: 'GS',
  tier: 'T1',
  deliveries: 0,
  async run(lab) {
    const bus = await lab.bus()
    await lab.stop(bus)
    const began = lab.now()
    const error = await lab.rejection(lab.send(bus, new CancelOrder({ id: 'o1' })))
    lab.check('the call is refused').error(error, { code: 'WAYBILL_STOPPED', message: /nothing was sent/ })
    lab.check('at once').atMost(lab.now() - began, 1_000)
  },
}

export const startAndStop: Scenario = {
  id: 'GS-09',
  title: 'a bus starts and stops five times, works each time, and leaves no connection and no consumer behind',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 5,
  async run(lab) {
    const handled: string[] = []
    const bus = lab.newBus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    for (const id of ids(5)) {
      await lab.start(bus)
      await lab.send(bus, new CancelOrder({ id }))
      await lab.until(`${id} is handled`, () => handled.includes(id))
      await lab.stop(bus)
      lab.check('no consumer is left').equal(await lab.doors.consumerCount('orders'), 0)
      lab.check('no connection is left').empty(await lab.doors.connections())
    }
    lab.check('each once').equal(handled, ids(5))
  },
}

export const stopWhileAway: Scenario = {
  id: 'GS-12',
  title: 'a stop ends within its bound also when the broker is away',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address', 'door:cut', 'door:refuseConnections'],
  deliveries: 0,
  faults: ['refuseConnections', 'cut'],
  async run(lab) {
    lab.expectLog('warn')
    const bus = await lab.bus({ stopTimeout: '2s', handlers: [handle(CancelOrder, () => undefined)] })
    await lab.faults.refuseConnections({ times: 1_000 })
    await lab.faults.cut({ on: bus })
    const send = lab.rejection(lab.send(bus, new CancelOrder({ id: 'o1' })))
    const began = lab.now()
    await lab.stop(bus)
    lab.check('within its bound').atMost(lab.now() - began, 4_000)
    lab.check('the send that waited is refused').error(await send, {})
  },
}

export const stopWindow: Scenario = {
  id: 'GS-16',
  title: 'what arrives while a bus stops is handled after its restart',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 60,
  async run(lab) {
    const handled: string[] = []
    const bus = lab.newBus({ concurrency: 3, handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus()
    for (let round = 0; round < 3; round += 1) {
      await lab.start(bus)
      const sends = ids(20, `r${round}-`).map((id) => lab.send(caller, new CancelOrder({ id })))
      await lab.stop(bus)
      await Promise.all(sends)
    }
    await lab.start(bus)
    await lab.quiet()
    lab.check('each is handled once').sameMembers(
      handled,
      [0, 1, 2].flatMap((round) => ids(20, `r${round}-`)),
    )
  },
}
