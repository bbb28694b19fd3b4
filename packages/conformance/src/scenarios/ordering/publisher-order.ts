import { handle, on } from '@waybill/core'
import { MoveStock, StockMoved } from '../messages.js'
import type { Scenario } from '../scenario.js'

const count = 1_000

export const publisherOrder: Scenario = {
  id: 'OR-08',
  title: 'the order of calls is the order on the broker, also when nobody awaits them',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: count,
  async run(lab) {
    const handled: number[] = []
    await lab.bus({ name: 'stock', handlers: [on(StockMoved, { id: 'stock.track' }, ({ n }) => void handled.push(n))] })
    const caller = await lab.bus({ sends: [StockMoved] })
    const numbers = Array.from({ length: count }, (_, n) => n)
    await Promise.all(numbers.map((n) => lab.publish(caller, new StockMoved({ item: 'bolt', n }))))
    await lab.quiet()
    lab.check('handled in the order of the calls').equal(handled, numbers)
  },
}

export const publisherOrderUnderRefusal: Scenario = {
  id: 'OR-17',
  title: 'what the broker refuses for a while is sent again in its place: the order of the key stays',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key', 'door:refuseSends'],
  deliveries: 50,
  faults: ['refuseSends'],
  async run(lab) {
    const handled: number[] = []
    await lab.bus({ name: 'stock', handlers: [on(StockMoved, { id: 'stock.track' }, ({ n }) => void handled.push(n))] })
    const caller = await lab.bus({ sends: [StockMoved] })
    await lab.faults.refuseSends({ on: caller, times: 7 })
    const numbers = Array.from({ length: 50 }, (_, n) => n)
    await Promise.all(numbers.map((n) => lab.publish(caller, new StockMoved({ item: 'bolt', n }))))
    await lab.quiet()
    lab.check('handled in the order of the calls, each once').equal(handled, numbers)
  },
}

export const orderOverCut: Scenario = {
  id: 'OR-09',
  title: 'a connection that is cut in the middle of a sequence reorders nothing: what comes first comes in order',
  group: 'OR',
  tier: 'F',
  needs: ['private-address', 'order-by-key', 'door:cut'],
  deliveries: 100,
  faults: ['cut'],
  async run(lab) {
    const handled: number[] = []
    const bus = await lab.bus({ name: 'stock', handlers: [on(StockMoved, { id: 'stock.track' }, ({ n }) => void handled.push(n))] })
    const caller = await lab.bus({ sends: [StockMoved] })
    lab.expectLog('warn')
    const numbers = Array.from({ length: 100 }, (_, n) => n)
    const sends = numbers.map((n) => lab.publish(caller, new StockMoved({ item: 'bolt', n }), { id: `move-${n}` }))
    await lab.faults.cut({ on: caller })
    await Promise.allSettled(sends)
    await lab.faults.cut({ on: bus })
    for (const n of numbers) await lab.publish(caller, new StockMoved({ item: 'bolt', n: 100 + n }))
    await lab.quiet()
    const firsts = [...new Set(handled)]
    lab.check('first occurrences rise').equal(
      firsts,
      firsts.toSorted((a, b) => a - b),
    )
    lab.check('all of the second half arrive').equal(firsts.filter((n) => n >= 100).length, 100)
  },
}

export const keyForms: Scenario = {
  id: 'OR-10',
  title: 'any text of up to 255 characters is a key; no key at all, and a longer one, are errors at the call',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 15,
  async run(lab) {
    const keys = ['ключ ✓ 🙂', '007', '7', '__proto__', 'k'.repeat(255)]
    const handled = new Map<string, number[]>()
    const bus = await lab.bus({
      name: 'stock',
      handlers: [handle(MoveStock, ({ item, n }, { key }) => void handled.set(key ?? '', [...(handled.get(key ?? '') ?? []), item === key ? n : -1]))],
    })
    for (const n of [1, 2, 3]) await Promise.all(keys.map((item) => lab.send(bus, new MoveStock({ item, n }))))
    await lab.quiet()
    lab.check('each key keeps its text').sameMembers([...handled.keys()], keys)
    lab.check('each keeps its order').empty([...handled].filter(([, numbers]) => numbers.join() !== '1,2,3').map(([key]) => key.slice(0, 20)))
    const error = await lab.rejection(lab.send(bus, new MoveStock({ item: '', n: 4 })))
    lab.check('an empty key is refused at the call').error(error, { code: 'WAYBILL_MISSING_KEY' })
    const long = await lab.rejection(lab.send(bus, new MoveStock({ item: 'k'.repeat(256), n: 4 })))
    lab.check('and so is a longer one').error(long, { code: 'WAYBILL_SEND_OPTION' })
  },
}
