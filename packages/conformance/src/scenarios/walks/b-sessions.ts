import { handle, on } from '@waybill/core'
import type { TransportSource } from '@waybill/core/contract'
import { memoryInbox } from '@waybill/core/memory'
import { standardPipeline } from '@waybill/core/middleware'
import { overDeliveries } from '../../mutants/over-transport.js'
import { CancelOrder, gate, OrderCancelled, OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const noTransportIsTransactional: Scenario = {
  id: 'WB-21',
  title:
    'no transport takes part in a transaction: an inbox alone is reported as degraded; what a crash sends twice has one id, and the receiver’s inbox takes it once',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 3,
  faults: ['crash'],
  exempt: {
    I1: 'the second run is what a crash before the mark costs',
    I8: 'the second run is what a crash before the mark costs',
    I16: 'the second run sends at a time of its own',
  },
  async run(lab) {
    const inbox = () => ({ stores: { inbox: memoryInbox() }, pipeline: standardPipeline({ idempotency: { acceptMemory: true } }) })
    const heard: string[] = []
    let runs = 0
    await lab.bus({ ...inbox(), name: 'stock', handlers: [on(OrderCancelled, { id: 'stock.free' }, ({ id }) => void heard.push(id))] })
    const handlers = [
      handle(CancelOrder, async ({ id }, context) => {
        runs += 1
        await context.publish(new OrderCancelled({ id }))
      }),
    ]
    const sender = { ...inbox(), sends: [OrderCancelled], handlers }
    const victim = await lab.bus(sender)
    const { report } = await lab.bounded('describe', victim.describe())
    lab.check('the start says what it costs').equal(report?.rows.find(({ need }) => need === 'idempotency')?.provided, 'degraded')
    const caller = await lab.bus()
    const { reached } = lab.faults.crash('before-mark', { on: victim })
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    lab.check('it dies after its messages have left').isTrue(await reached)
    await lab.until('the event arrives', () => heard.length === 1)
    await lab.bus(sender)
    await lab.quiet({ drain: false })
    lab.check('the handler ran twice, its effect elsewhere came once').equal([runs, heard], [2, ['o1']])
    const sent = lab.seen('deliver').flatMap(({ endpoint, delivery }) => (endpoint === 'stock' ? [delivery.envelope?.id] : []))
    lab.check('it was sent twice, with one id').equal([sent.length, new Set(sent).size], [2, 1])
  },
}

export const heldByALostRight: Scenario = {
  id: 'WB-24',
  title: 'what a run holds when it has lost its lock is discarded, also what it sends afterwards; the redelivery sends it, once',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'door:cut'],
  deliveries: 4,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    const [lostEnds, nextEnds] = [gate(), gate()]
    const heard: string[] = []
    let runs = 0
    let isLost = false
    let hasEnded = false
    const bus = await lab.bus({
      sends: [OrderPlaced],
      handlers: [
        handle(CancelOrder, async (_, context) => {
          const run = (runs += 1)
          await context.publish(new OrderPlaced({ id: `run ${run} before` }))
          context.signal.addEventListener('abort', () => void (isLost = true))
          await (run === 1 ? lostEnds.opened : nextEnds.opened)
          await context.publish(new OrderPlaced({ id: `run ${run} after` })).catch(() => undefined)
          hasEnded = true
        }),
      ],
    })
    await lab.bus({ name: 'stock', handlers: [on(OrderPlaced, { id: 'stock.hear' }, ({ id }) => void heard.push(id))] })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.until('it runs', () => runs === 1)
    await lab.faults.cut({ on: bus })
    await lab.until('its lock is lost, and it runs again', () => isLost && runs === 2)
    lostEnds.open()
    await lab.until('the first run ends', () => hasEnded)
    await lab.pass(lab.windowMs)
    lab.check('nothing of it has left').empty(heard)
    nextEnds.open()
    await lab.quiet()
    lab.check('what leaves is the redelivery’s').sameMembers(heard, ['run 2 before', 'run 2 after'])
  },
}

export const answerOfTheDead: Scenario = {
  id: 'WB-25',
  title: 'an answer that reaches its transport after the session has died settles nothing: the message is delivered again and needs an answer of its own',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'door:cut'],
  deliveries: 2,
  faults: ['cut'],
  exempt: { I1: 'the answer for the first run is kept back until it is too late', I8: 'the answer for the first run is kept back until it is too late' },
  async run(lab) {
    lab.expectLog('warn')
    const [late, ends] = [gate(), gate()]
    let answers = 0
    const wrap = (source: TransportSource): TransportSource =>
      overDeliveries(source, (onDelivery) => async (delivery) => {
        const disposition = await onDelivery(delivery)
        if ((answers += 1) === 1) await late.opened
        return disposition
      })
    let runs = 0
    const bus = await lab.bus({
      wrap,
      handlers: [
        handle(CancelOrder, async () => {
          runs += 1
          if (runs === 2) await ends.opened
        }),
      ],
    })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.until('its answer is there', () => answers === 1)
    await lab.faults.cut({ on: bus })
    await lab.until('it is delivered again', () => runs === 2)
    late.open()
    await lab.turns(5)
    await lab.pass(lab.windowMs)
    lab.check('it is still held').equal((await lab.doors.depth('orders')).unsettled, 1)
    ends.open()
    await lab.quiet()
    lab.check('two runs, no more').equal(runs, 2)
  },
}
