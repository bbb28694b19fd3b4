import { handle, type FailedSend } from '@waybill/core'
import type { Outgoing, TransportSource } from '@waybill/core/contract'
import { overTransport } from '../../mutants/over-transport.js'
import { CancelOrder, gate, ids, ShipOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

const codeOf = (error: unknown): string | undefined => (error as { readonly code?: string } | undefined)?.code
const room = 7_500

export const floodOfSends: Scenario = {
  id: 'WB-07',
  title:
    'a flood of sends while the broker takes nothing fills its part of the room: the rest waits its time and is refused; what a handler sent still finds room',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'door:holdSends'],
  deliveries: 2,
  faults: ['holdSends'],
  async run(lab) {
    lab.expectLog('Sends wait')
    const shipped: string[] = []
    let ran = false
    const bus = await lab.bus({
      publishTimeout: '5s',
      handlers: [
        handle(CancelOrder, async ({ id }, context) => {
          ran = true
          await context.send(new ShipOrder({ id }))
        }),
        handle(ShipOrder, ({ id }) => void shipped.push(id)),
      ],
    })
    const caller = await lab.bus()
    const held = await lab.faults.holdSends({ on: bus })
    let settled = 0
    const flood = ids(room + 100).map(async (id) => {
      const error = await lab.rejection(lab.send(bus, new ShipOrder({ id })))
      settled += 1
      return { id, code: codeOf(error) }
    })
    await lab.send(caller, new CancelOrder({ id: 'caused' }))
    await lab.until('the handler has run', () => ran)
    await lab.pass(2_000)
    lab.check('what it sent has a place beside the flood').equal(bus.health().sending.messages, room + 1)
    lab.check('nothing is refused before its time').equal(settled, 0)
    const ended = await lab.bounded('the flood ends', Promise.all(flood))
    const refused = ended.filter(({ code }) => code === 'WAYBILL_BACK_PRESSURE').map(({ id }) => id)
    lab.check('the last hundred found no room').equal(refused, ids(room + 100).slice(room))
    lab.check('the others say what is known of them').equal(ended.filter(({ code }) => code === 'WAYBILL_SEND').length, room)
    await held.end()
    await lab.quiet()
    lab.check('what the handler sent arrives').equal(shipped.filter((id) => id === 'caused').length, 1)
    const there = new Set(shipped)
    lab.check('nothing that found no room does').empty(refused.filter((id) => there.has(id)))
  },
}

interface Call {
  readonly ids: readonly string[]
  readonly signal: AbortSignal
}

/** Keeps every call until its gate opens, or until it is given up. */
function slow(source: TransportSource, calls: Call[], opened: () => Promise<void>): TransportSource {
  return overTransport(source, (transport) => ({
    async send(messages: readonly Outgoing[], signal: AbortSignal) {
      calls.push({ ids: messages.map(({ envelope }) => envelope.id), signal })
      const givenUp = Promise.withResolvers<void>()
      signal.addEventListener('abort', () => givenUp.resolve(), { once: true })
      await Promise.race([opened(), givenUp.promise])
      return signal.aborted
        ? messages.map((_, index) => ({ index, outcome: 'unknown' as const, retryable: false, cause: signal.reason as unknown }))
        : transport.send(messages, signal)
    },
  }))
}

export const callersOfOneCall: Scenario = {
  id: 'WB-08',
  title: 'of callers whose messages leave in one call each gives up for itself: the call goes on for the others, and ends when nobody waits for it',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 9,
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const calls: Call[] = []
    let door = gate()
    const caller = await lab.bus({ wrap: (source) => slow(source, calls, () => door.opened) })
    const begin = (all: readonly string[]) =>
      all.map((id) => {
        const abort = new AbortController()
        return { id, abort, ended: lab.rejection(lab.send(caller, new CancelOrder({ id }), { id, signal: abort.signal })) }
      })
    const outcomeOf = (error: unknown): FailedSend['outcome'] | undefined =>
      (error as { readonly failures?: readonly FailedSend[] } | undefined)?.failures?.[0]?.outcome
    const arrived = (all: readonly { readonly id: string }[]): boolean => all.every(({ id }) => calls.some((call) => call.ids.includes(id)))

    const ten = begin(ids(10))
    await lab.until('all are on their way', () => arrived(ten))
    ten[2]?.abort.abort()
    lab.check('who gives up knows nothing of its message').equal(outcomeOf(await ten[2]?.ended), 'unknown')
    await lab.pass(1_000)
    lab.check('no call ends that somebody waits for').empty(calls.filter(({ ids: of, signal }) => signal.aborted && of.some((id) => id !== 'o3')))
    door.open()
    const errors = await lab.bounded('the others end', Promise.all(ten.map(({ ended }) => ended)))
    lab.check('they are confirmed').equal(errors.filter((error) => error === undefined).length, 9)

    door = gate()
    const five = begin(ids(5, 'p'))
    await lab.until('the next ones are on their way', () => arrived(five))
    for (const { abort } of five) abort.abort()
    await lab.bounded('they end', Promise.all(five.map(({ ended }) => ended)))
    await lab.until(
      'the call of which all are gone ends',
      () => calls.every(({ ids: of, signal }) => signal.aborted || !of.some((id) => id.startsWith('p'))),
      5_000,
    )
    const before = calls.length
    const gone = await lab.rejection(lab.send(caller, new CancelOrder({ id: 'never' }), { signal: AbortSignal.abort() }))
    lab.check('who has given up before is told so').error(gone, { code: 'WAYBILL_ABORTED' })
    lab.check('and nothing leaves').equal(calls.length, before)
    door.open()
    await lab.quiet()
    const sure = new Set(ids(10).filter((id) => id !== 'o3'))
    lab.check('what was confirmed arrives once').sameMembers(
      handled.filter((id) => sure.has(id)),
      [...sure],
    )
  },
}

export const anotherBus: Scenario = {
  id: 'WB-11',
  title: 'what a handler sends through another bus is not held with its own: it leaves at once, in the same conversation, and is counted',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const shipped: { readonly id: string; readonly conversation: string | undefined; readonly source: string }[] = []
    const bridge = await lab.bus({ name: 'bridge', sends: [ShipOrder] })
    await lab.bus({
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(CancelOrder, async (_, context) => {
          await context.send(new ShipOrder({ id: 'held' }))
          await bridge.send(new ShipOrder({ id: 'bridged' }))
          throw new Error('afterwards')
        }),
        handle(ShipOrder, ({ id }, { correlationId, source }) => void shipped.push({ id, conversation: correlationId, source })),
      ],
    })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'cause' })
    await lab.quiet()
    lab.check('only what went through the other bus left').equal(shipped, [{ id: 'bridged', conversation: 'cause', source: 'bridge' }])
    lab.check('it is counted, where it left').equal(
      lab
        .seen('count')
        .filter(({ what }) => what === 'foreign-send')
        .map(({ bus }) => bus),
      ['bridge'],
    )
  },
}

export const betweenConnections: Scenario = {
  id: 'WB-23',
  title: 'a send before the start and after the stop is an error at once; while the bus starts, and between two connections, it waits and arrives',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'door:cut', 'door:refuseConnections'],
  deliveries: 2,
  faults: ['refuseConnections', 'cut'],
  async run(lab) {
    lab.expectLog('warn')
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = lab.newBus({ name: 'caller' })
    lab.check('before the start').error(await lab.rejection(lab.send(caller, new CancelOrder({ id: 'before' }))), { code: 'WAYBILL_NOT_STARTED' })
    await lab.faults.refuseConnections({ times: 3 })
    const starting = lab.start(caller)
    const early = lab.rejection(lab.send(caller, new CancelOrder({ id: 'early' })))
    await starting
    lab.check('while it starts').equal(await early, undefined)
    await lab.until('it arrives', () => handled.length === 1)
    await lab.faults.refuseConnections({ on: caller, times: 3 })
    await lab.faults.cut({ on: caller })
    lab.check('between two connections').equal(await lab.rejection(lab.send(caller, new CancelOrder({ id: 'between' }))), undefined)
    await lab.stop(caller)
    const began = lab.now()
    lab.check('after the stop').error(await lab.rejection(lab.send(caller, new CancelOrder({ id: 'after' }))), { code: 'WAYBILL_STOPPED' })
    lab.check('at once').atMost(lab.now() - began, 1_000)
    await lab.quiet()
    lab.check('nothing else arrives').equal(handled, ['early', 'between'])
  },
}
