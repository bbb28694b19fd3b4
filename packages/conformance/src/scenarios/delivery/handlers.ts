import { handle, on, type MessageContext } from '@waybill/core'
import { CancelOrder, gate, OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const hangs: Scenario = {
  id: 'DS-07',
  title: 'a handler that hangs keeps its own place only; its deadline is one failure, and no second run overlaps the first',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 11,
  async run(lab) {
    lab.expectLog('failed, again')
    const ends = gate()
    const others: string[] = []
    const aborted: string[] = []
    let running = 0
    let most = 0
    let attempts = 0
    const bus = await lab.bus({
      concurrency: 2,
      handlerTimeout: '1s',
      retry: { immediate: 1, delayed: [] },
      handlers: [
        handle(CancelOrder, async ({ id }, { signal }) => {
          if (id !== 'hangs') return void others.push(id)
          attempts += 1
          running += 1
          most = Math.max(most, running)
          if (attempts === 1) {
            signal.addEventListener('abort', () => void aborted.push(String(signal.reason)))
            await ends.opened
          }
          running -= 1
        }),
      ],
    })
    await lab.send(bus, new CancelOrder({ id: 'hangs' }))
    for (let n = 0; n < 10; n += 1) await lab.send(bus, new CancelOrder({ id: `o${n}` }))
    await lab.until('the others go on', () => others.length === 10)
    await lab.until('the deadline aborts the signal', () => aborted.length === 1, 5_000)
    lab.check('with the reason').matches(aborted[0] ?? '', 'did not end within 1000 ms')
    await lab.pass(3_000)
    lab.check('no second run starts beside the first').equal(attempts, 1)
    ends.open()
    await lab.quiet()
    lab.check('then it runs again, once').equal([attempts, most], [2, 1])
  },
}

export const mutationIsolation: Scenario = {
  id: 'DS-15',
  title: 'what a handler does to its message is seen by no other handler, attempt or subscription',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('failed, again')
    const seen: string[] = []
    const spoil = (event: OrderPlaced, context: MessageContext): void => {
      seen.push(`${context.endpoint} ${event.id} ${context.headers['x-tag'] ?? ''}`)
      for (const target of [event, context.headers]) {
        try {
          Object.assign(target, { id: 'spoilt', 'x-tag': 'spoilt' })
        } catch {
          // Frozen is as good.
        }
      }
    }
    const retry = { immediate: 1, delayed: [] } as const
    await lab.bus({
      handlers: [
        on(OrderPlaced, { id: 'orders.a', retry }, (event, context) => {
          spoil(event, context)
          if (context.attempt === 1) throw new Error('once')
        }),
        on(OrderPlaced, { id: 'orders.b' }, spoil),
      ],
    })
    await lab.bus({ name: 'stock', handlers: [on(OrderPlaced, { id: 'stock.c' }, spoil)] })
    const caller = await lab.bus({ sends: [OrderPlaced] })
    await lab.publish(caller, new OrderPlaced({ id: 'o1' }), { headers: { 'x-tag': 'blue' } })
    await lab.quiet()
    lab.check('everybody has seen the original').sameMembers(seen, ['orders o1 blue', 'orders o1 blue', 'orders o1 blue', 'stock o1 blue'])
  },
}

export const oneOfTwoFails: Scenario = {
  id: 'DS-17',
  title: 'of two handlers of one event the one that fails is tried again and dead-lettered, the other runs once',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    const runs = { bill: 0, track: 0 }
    const shipped: string[] = []
    await lab.bus({
      handlers: [
        on(OrderPlaced, { id: 'orders.bill', retry: { immediate: 1, delayed: ['5s'] } }, () => {
          runs.bill += 1
          throw new Error('always')
        }),
        on(OrderPlaced, { id: 'orders.track' }, async ({ id }, context) => {
          runs.track += 1
          await context.send(new CancelOrder({ id }))
        }),
        handle(CancelOrder, ({ id }) => void shipped.push(id)),
      ],
    })
    const caller = await lab.bus({ sends: [OrderPlaced] })
    await lab.publish(caller, new OrderPlaced({ id: 'o1' }))
    await lab.quiet()
    lab.check('the failing one ran as often as its policy says').equal(runs, { bill: 4, track: 1 })
    lab.check('the other’s message left once').equal(shipped, ['o1'])
    const dead = await lab.doors.deadLetters('orders')
    lab.check('the dead letter names the handler').equal(
      dead.map(({ envelope }) => envelope.system['dead-letter-handler']),
      ['orders.bill'],
    )
  },
}

export const contextFacts: Scenario = {
  id: 'DS-20',
  title: 'a handler is told id, type, source, conversation, cause, endpoint, handler, attempt and time of its message',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    const facts: object[] = []
    const note = ({ id, type, source, correlationId, causationId, endpoint, handler, attempt }: MessageContext): void =>
      void facts.push({ id, type, source, correlationId, causationId, endpoint, handler, attempt })
    await lab.bus({
      handlers: [
        handle(CancelOrder, async ({ id }, context) => {
          note(context)
          lab.check('the time is one').isTrue(Number.isFinite(Date.parse(context.time)), context.time)
          await context.publish(new OrderPlaced({ id }), { id: 'message-2' })
        }),
        on(OrderPlaced, { id: 'orders.track' }, (_, context) => note(context)),
      ],
    })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'message-1' })
    await lab.quiet()
    lab.check('the facts of both').equal(facts, [
      {
        id: 'message-1',
        type: 'orders.cancel',
        source: 'caller',
        correlationId: 'message-1',
        causationId: undefined,
        endpoint: 'orders',
        handler: 'orders.cancel',
        attempt: 1,
      },
      {
        id: 'message-2',
        type: 'orders.placed',
        source: 'orders',
        correlationId: 'message-1',
        causationId: 'message-1',
        endpoint: 'orders',
        handler: 'orders.track',
        attempt: 1,
      },
    ])
  },
}
