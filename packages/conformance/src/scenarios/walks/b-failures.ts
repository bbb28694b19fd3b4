import { handle } from '@waybill/core'
import { foreign } from '../foreign.js'
import { CancelOrder, GetOrder, PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const copyAgainNotTheHandler: Scenario = {
  id: 'WB-06',
  title: 'while the dead letter of a message is refused only its copy is tried again and its endpoint takes nothing new; after a lost lock it runs once more',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'door:refuseSends', 'door:cut'],
  deliveries: 3,
  faults: ['refuseSends', 'cut'],
  async run(lab) {
    lab.expectLog('is paused')
    lab.expectLog('dead-lettered')
    lab.expectLog('warn')
    let runs = 0
    const handled: string[] = []
    const bus = await lab.bus({
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(CancelOrder, ({ id }) => {
          if (id !== 'fails') return void handled.push(id)
          runs += 1
          throw new Error('always')
        }),
      ],
    })
    const caller = await lab.bus()
    const alarms = (): number => lab.history.filter((event) => event.kind === 'logged' && event.text.includes('is paused')).length
    const refused = await lab.faults.refuseSends({ on: bus, times: 10_000, retryable: false })
    await lab.send(caller, new CancelOrder({ id: 'fails' }), { id: 'fails' })
    await lab.until('the alarm is raised', () => alarms() === 1)
    await lab.send(caller, new CancelOrder({ id: 'next' }))
    await lab.pass(30_000)
    lab.check('the handler ran once, the next one waits, and there is one alarm').equal([runs, handled.length, alarms()], [1, 0, 1])
    lab.check('its health says why').equal(bus.health().endpoints[0]?.paused, ['copy-refused'])
    await lab.faults.cut({ on: bus })
    await lab.until('it is delivered again, and runs', () => runs === 2)
    await refused.end()
    await lab.quiet()
    lab.check('no more than that').equal(runs, 2)
    lab.check('the next one is handled').equal(handled, ['next'])
    lab.check('one dead letter').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.id),
      ['fails'],
    )
  },
}

export const failingRequests: Scenario = {
  id: 'WB-15',
  title: 'nobody waits eleven minutes for a reply: a failing request is tried at once only and answered with a fault, unless its handler says otherwise',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'replies', 'endpoint-delay'],
  deliveries: 4,
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    const runs: string[] = []
    const fails = (type: string, attempt: number): never => {
      runs.push(`${type} ${attempt}`)
      throw new Error('always')
    }
    const hasty = await lab.bus({
      retry: { immediate: 1, delayed: ['10s', '1m', '10m'] },
      handlers: [handle(PlaceOrder, (_, { attempt }) => fails('command', attempt)), handle(GetOrder, (_, { attempt }) => fails('query', attempt))],
    })
    const caller = await lab.bus()
    const began = lab.now()
    for (const message of [new PlaceOrder({ id: 'o1' }), new GetOrder({ id: 'o1' })])
      lab.check('a fault comes').error(await lab.rejection(lab.request(caller, message, { timeout: '8s' })), { code: 'WAYBILL_REMOTE', attempt: 2 })
    lab.check('in time').atMost(lab.now() - began, 5_000)
    await lab.quiet()
    lab.check('nothing ran later').equal(runs, ['command 1', 'command 2', 'query 1', 'query 2'])
    lab.check('the command is kept, the query is not').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.type),
      ['orders.place'],
    )
    await lab.stop(hasty)
    await lab.bus({
      handlers: [
        handle(GetOrder, { retry: { immediate: 0, delayed: ['3s'], requests: 'delayed' } }, ({ id }, { attempt }) => {
          if (attempt === 1) throw new Error('not yet')
          return { id, total: attempt }
        }),
      ],
    })
    lab.check('where its handler says so, a request waits').equal(await lab.request(caller, new GetOrder({ id: 'o2' }), { timeout: '20s' }), {
      ...{ id: 'o2', total: 2 },
    })
    await lab.quiet()
  },
}

export const clocksThatDiffer: Scenario = {
  id: 'WB-16',
  title:
    'a sender’s clock that differs drops nothing unseen: within the allowance it is handled, beyond it is a dead letter; only a request nobody waits for is dropped',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 4,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    const late = (id: string, byMs: number, replyTo?: string) => ({
      body: JSON.stringify({ id }),
      envelope: { ...foreign, id, expiresAt: lab.now() - byMs, ...(replyTo !== undefined && { replyTo }) },
    })
    const handlers = [handle(CancelOrder, ({ id }) => void handled.push(id))]
    const strict = await lab.bus({ handlers })
    await lab.publishRaw({ endpoint: 'orders' }, late('a little', 2_000))
    await lab.publishRaw({ endpoint: 'orders' }, late('a lot', 60_000))
    await lab.publishRaw({ endpoint: 'orders' }, late('request', 2_000, 'nobody'))
    await lab.quiet({ drain: false })
    lab.check('within the allowance it is handled').equal(handled, ['a little'])
    lab.check('beyond it is a dead letter').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => [envelope.id, envelope.system['dead-letter-reason']]),
      [['a lot', 'expired']],
    )
    lab.check('a request has no allowance, and is counted').equal(lab.seen('count').filter(({ what }) => what === 'expired-request').length, 1)
    await lab.stop(strict)
    await lab.bus({ clockSkew: '2m', handlers })
    await lab.publishRaw({ endpoint: 'orders' }, late('a lot again', 60_000))
    await lab.quiet()
    lab.check('the allowance is the endpoint’s to say').equal(handled, ['a little', 'a lot again'])
  },
}
