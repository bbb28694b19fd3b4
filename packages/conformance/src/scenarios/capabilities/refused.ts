import { handle, type FunctionHandler } from '@waybill/core'
import type { Capabilities } from '@waybill/core/contract'
import type { Lab } from '../../lab/lab.js'
import { CancelOrder, GetOrder, MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

interface Need {
  readonly id: string
  /** How core names it. */
  readonly need: string
  readonly without: Partial<Capabilities>
  readonly title: string
  readonly name?: string
  readonly handlers: readonly FunctionHandler[]
}

const cancel = handle(CancelOrder, () => undefined)

/** A bus that needs what its transport lacks does not start, says so in one error, and leaves nothing behind. */
const refused = ({ id, need, without, title, name = 'orders', handlers }: Need): Scenario => ({
  ...{ id, title, group: 'CAP', tier: 'T1', needs: ['private-address'], deliveries: 0 },
  async run(lab: Lab) {
    const bus = lab.newBus({ name, capabilities: without, handlers })
    const error = await lab.rejection(lab.start(bus))
    lab.check('the start is refused').error(error, { code: 'WAYBILL_CONFIGURATION' })
    lab.check('the error names what is needed').matches(error instanceof Error ? error.message : 'no error', need)
    lab.check('and who needs it').matches(error instanceof Error ? error.message : 'no error', name)
    lab.check('no bus is left open').equal([bus.health().status, await lab.doors.connections()], ['new', []])
    lab.check('nothing was made on the broker').empty((await lab.doors.entities()).endpoints)
  },
})

export const noOrder = refused({
  ...{ id: 'CAP-01', need: 'order by key', title: 'without order, a bus with an ordered handler is refused at its start' },
  without: { ordering: { unit: 'none', scaleOut: 'none' } },
  name: 'stock',
  handlers: [handle(MoveStock, () => undefined)],
})

export const noPrivateAddress = refused({
  ...{ id: 'CAP-02', need: 'own address', title: 'without addresses of their own, a bus with an endpoint is refused at its start' },
  without: { privateAddress: false },
  handlers: [cancel],
})

export const noReplies = refused({
  ...{ id: 'CAP-03', need: 'replies', title: 'without replies, a bus that answers a query is refused at its start' },
  without: { replies: 'none' },
  handlers: [handle(GetOrder, ({ id }) => ({ id, total: 1 }))],
})

export const noDelayForPolicy = refused({
  ...{ id: 'CAP-05', need: 'delayed retry', title: 'without delay, a bus whose policy asks for delayed retries is refused at its start' },
  without: { delay: { endpoint: 'none', topic: 'none' } },
  handlers: [handle(CancelOrder, { retry: { delayed: ['10s'] } }, () => undefined)],
})

export const lockTooShort = refused({
  ...{ id: 'CAP-08', need: 'lock', title: 'with locks that end before its handlers may, a bus is refused at its start' },
  without: { lockMs: 30_000 },
  handlers: [handle(CancelOrder, { timeout: '1m' }, () => undefined)],
})
