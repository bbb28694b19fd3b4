import { handle } from '@waybill/core'
import { CancelOrder, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const absentAtStart: Scenario = {
  id: 'FT-06',
  title: 'a broker that is away at the start is waited for; the bus works when it comes',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'door:refuseConnections'],
  deliveries: 1,
  faults: ['refuseConnections'],
  async run(lab) {
    lab.expectLog('warn')
    const handled: string[] = []
    await lab.faults.refuseConnections({ times: 4 })
    const bus = await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    await lab.send(bus, new CancelOrder({ id: 'o1' }))
    await lab.quiet()
    lab.check('it is handled').equal(handled, ['o1'])
    lab.check('one warning for the whole outage').atMost(lab.log.records.filter(({ level }) => level === 'warn').length, 2)
  },
}

export const badCredentials: Scenario = {
  id: 'FT-07',
  title: 'a connection that is refused for good fails the start at once, and leaves nothing open',
  group: 'FT',
  tier: 'T1',
  needs: ['door:refuseConnections'],
  deliveries: 0,
  faults: ['refuseConnections'],
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('error')
    await lab.faults.refuseConnections({ times: 1_000, retryable: false })
    const bus = lab.newBus({ handlers: [handle(CancelOrder, () => undefined)] })
    const began = lab.now()
    const error = await lab.rejection(lab.start(bus))
    lab.check('the start fails').error(error, { code: 'WAYBILL_TRANSPORT', retryable: false })
    lab.check('at once').atMost(lab.now() - began, 10_000)
    lab.check('nothing is open').empty(await lab.doors.connections())
  },
}

export const flapping: Scenario = {
  id: 'FT-16',
  title: 'five cuts under load lose nothing, and the connections do not grow',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'door:cut'],
  deliveries: 45,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    const handled = new Set<string>()
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.add(id))] })
    const caller = await lab.bus({ publishTimeout: '5m' })
    const before = (await lab.doors.connections()).length
    const confirmed: string[] = []
    for (let round = 0; round < 5; round += 1) {
      await lab.until('all are connected', async () => (await lab.doors.connections()).length === before, 300_000)
      const sends = ids(10, `r${round}-`).map(async (id) => {
        if ((await lab.rejection(lab.send(caller, new CancelOrder({ id }), { id }))) === undefined) confirmed.push(id)
      })
      await lab.faults.cut()
      await Promise.all(sends)
    }
    await lab.until('all are connected', async () => (await lab.doors.connections()).length === before, 300_000)
    await lab.quiet()
    lab.check('what was confirmed is handled').empty(confirmed.filter((id) => !handled.has(id)))
    lab.check('and nearly all of it was').atLeast(confirmed.length, 45)
    lab.check('as many connections as before').equal((await lab.doors.connections()).length, before)
  },
}

export const topologyGone: Scenario = {
  id: 'FT-17',
  title: 'an endpoint that is deleted under its consumer comes back with its subscriptions, or the bus says that it is not well',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'unroutable-detected', 'door:remove'],
  deliveries: 1,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('error')
    const handled: string[] = []
    const bus = await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus({ publishTimeout: '5s' })
    await lab.send(caller, new CancelOrder({ id: 'before' }))
    await lab.until('it works', () => handled.length === 1)
    await lab.doors.remove({ endpoint: 'orders' })
    const comesBack = async (): Promise<boolean> => (await lab.rejection(lab.send(caller, new CancelOrder({ id: 'after' })))) === undefined
    let well = false
    for (let attempt = 0; attempt < 6 && !well; attempt += 1) {
      well = await comesBack()
      if (bus.health().status !== 'ok' || well) break
    }
    lab.check('well again, or it says so').isTrue(well || bus.health().status !== 'ok', bus.health().status)
    if (well) await lab.until('what is sent afterwards is handled', () => handled.includes('after'))
  },
}

export const ghosts: Scenario = {
  id: 'FT-22',
  title: 'after five cuts each endpoint has as many consumers as before: none is forgotten, none is a ghost',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'door:cut'],
  deliveries: 5,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    const handled: [string[], string[]] = [[], []]
    for (const own of handled) await lab.bus({ concurrency: 1, handlers: [handle(CancelOrder, ({ id }) => void own.push(id))] })
    const caller = await lab.bus()
    for (let round = 0; round < 5; round += 1) {
      await lab.faults.cut()
      await lab.until('both consume again', async () => (await lab.doors.consumerCount('orders')) === 2)
      await lab.pass(2_000)
      lab.check('no ghost').equal(await lab.doors.consumerCount('orders'), 2)
      await lab.send(caller, new CancelOrder({ id: `o${round}` }))
    }
    await lab.quiet({ drain: false })
    lab.check('nothing is lost').empty(['o0', 'o1', 'o2', 'o3', 'o4'].filter((id) => !handled.flat().includes(id)))
  },
}
