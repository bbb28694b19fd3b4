import { handle } from '@waybill/core'
import { CancelOrder, GetOrder, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const abortedBefore: Scenario = {
  id: 'CN-01',
  title: 'a call whose signal is aborted already puts nothing on the wire',
  group: 'CN',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus()
    const error = await lab.rejection(lab.send(caller, new CancelOrder({ id: 'o1' }), { signal: AbortSignal.abort() }))
    lab.check('the call is refused').isTrue(error instanceof Error, String(error))
    await lab.quiet()
    lab.check('nothing left').empty(lab.seen('send'))
    lab.check('nothing arrived').empty(handled)
  },
}

export const abortedAwaitingConfirm: Scenario = {
  id: 'CN-02',
  title: 'a call that is aborted while it waits for the confirm says that its outcome is unknown; the session stays well',
  group: 'CN',
  tier: 'T1',
  needs: ['private-address', 'door:holdSends'],
  deliveries: 1,
  faults: ['holdSends'],
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus()
    const held = await lab.faults.holdSends({ on: caller, taken: true })
    const abort = new AbortController()
    const sending = lab.rejection(lab.send(caller, new CancelOrder({ id: 'o1' }), { signal: abort.signal }))
    await lab.pass(100)
    abort.abort()
    const error = await sending
    lab.check('it says that nobody knows').equal(
      (error as { readonly failures?: readonly { readonly outcome: string }[] }).failures?.map(({ outcome }) => outcome),
      ['unknown'],
    )
    await held.end()
    await lab.send(caller, new CancelOrder({ id: 'o2' }))
    await lab.quiet()
    lab.check('the next call works').isTrue(handled.includes('o2'), handled.join())
    lab.check('nothing came twice').equal(handled.length, new Set(handled).size)
  },
}

export const requestAborted: Scenario = {
  id: 'CN-07',
  title: 'a request whose caller aborts rejects at once and is no longer waited for',
  group: 'CN',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 1,
  async run(lab) {
    await lab.bus({ handlers: [handle(GetOrder, async ({ id }) => (await lab.pass(2_000), { id, total: 1 }))] })
    const caller = await lab.bus()
    const abort = new AbortController()
    const asking = lab.rejection(lab.request(caller, new GetOrder({ id: 'o1' }), { signal: abort.signal, timeout: '30s' }))
    await lab.until('the handler runs', () => lab.seen('invoke').length === 1)
    const began = lab.now()
    abort.abort(new Error('the user went away'))
    lab.check('it rejects').isTrue((await asking) instanceof Error)
    lab.check('at once').atMost(lab.now() - began, 1_000)
    lab.check('nothing is waited for').equal(caller.health().requests, 0)
    await lab.quiet()
    lab.check('the late reply is counted').equal(lab.seen('count').filter(({ what }) => what === 'late-reply').length, 1)
  },
}

export const sharedSignal: Scenario = {
  id: 'CN-08',
  title: 'a thousand calls with one signal put one listener on it at most',
  group: 'CN',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1_000,
  async run(lab) {
    await lab.bus({ concurrency: 100, handlers: [handle(CancelOrder, () => undefined)] })
    const caller = await lab.bus()
    const { signal } = new AbortController()
    let listeners = 0
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = (...given: Parameters<typeof add>) => ((listeners += 1), add(...given))
    signal.removeEventListener = (...given: Parameters<typeof remove>) => ((listeners -= 1), remove(...given))
    for (let round = 0; round < 10; round += 1) await Promise.all(ids(100, `r${round}-`).map((id) => lab.send(caller, new CancelOrder({ id }), { signal })))
    lab.check('the listeners do not grow with the calls').atMost(listeners, 1)
    await lab.quiet()
  },
}

export const timeoutAndSignal: Scenario = {
  id: 'CN-10',
  title: 'of a time-out and a signal the first one ends a request, once',
  group: 'CN',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 2,
  async run(lab) {
    await lab.bus({ handlers: [handle(GetOrder, async ({ id }) => (await lab.pass(3_000), { id, total: 1 }))] })
    const caller = await lab.bus()
    const late = new AbortController()
    const timedOut = await lab.rejection(lab.request(caller, new GetOrder({ id: 'o1' }), { signal: late.signal, timeout: '1s' }))
    late.abort()
    lab.check('the time-out came first').error(timedOut, { code: 'WAYBILL_REQUEST_TIMEOUT' })
    const soon = new AbortController()
    const asking = lab.rejection(lab.request(caller, new GetOrder({ id: 'o2' }), { signal: soon.signal, timeout: '20s' }))
    await lab.pass(500)
    soon.abort(new Error('gone'))
    const aborted = await asking
    lab.check('the signal came first').isTrue(aborted instanceof Error && (aborted as { code?: string }).code !== 'WAYBILL_REQUEST_TIMEOUT', String(aborted))
    lab.check('nothing is waited for').equal(caller.health().requests, 0)
    await lab.quiet()
  },
}
