import { handle } from '@waybill/core'
import { GetOrder, gate, ids, PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'
import { foreign } from '../foreign.js'

export const requestTimeout: Scenario = {
  id: 'RR-03',
  title: 'a request without a reply rejects at its time-out, and nothing of it is left',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 1,
  async run(lab) {
    const ends = gate()
    await lab.bus({ handlers: [handle(GetOrder, async ({ id }) => (await ends.opened, { id, total: 1 }))] })
    const caller = await lab.bus()
    const began = lab.now()
    const error = await lab.rejection(lab.request(caller, new GetOrder({ id: 'o1' }), { timeout: '2s' }))
    lab.check('it rejects').error(error, { code: 'WAYBILL_REQUEST_TIMEOUT' })
    lab.check('at its time-out').between(lab.now() - began, 1_900, 3_000)
    lab.check('nothing is waited for').equal(caller.health().requests, 0)
    ends.open()
    await lab.quiet()
  },
}

export const lateReply: Scenario = {
  id: 'RR-04',
  title: 'a reply that comes late is taken off the broker and counted: no dead letter, nothing left',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 20,
  async run(lab) {
    const ends = gate()
    await lab.bus({ concurrency: 20, handlers: [handle(GetOrder, async ({ id }) => (await ends.opened, { id, total: 1 }))] })
    const caller = await lab.bus()
    const asking = ids(20).map((id) => lab.rejection(lab.request(caller, new GetOrder({ id }), { timeout: '1s' })))
    const errors = await Promise.all(asking)
    lab.check('all of them time out').empty(errors.filter((error) => (error as { code?: string }).code !== 'WAYBILL_REQUEST_TIMEOUT'))
    ends.open()
    await lab.until('each late reply is counted', () => lab.seen('count').filter(({ what }) => what === 'late-reply').length === 20)
    await lab.quiet()
    lab.check('none is a dead letter').empty(await lab.doors.deadLetters('orders'))
    lab.check('nothing is waited for').equal(caller.health().requests, 0)
  },
}

export const requesterGone: Scenario = {
  id: 'RR-10',
  title: 'a requester that is gone costs the responder nothing: it runs once, is accepted, and the reply is counted and dropped or lies unread',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 2,
  async run(lab) {
    let runs = 0
    const ends = gate()
    await lab.bus({
      handlerTimeout: 'none',
      handlers: [
        handle(PlaceOrder, async ({ id }) => {
          runs += 1
          if (id === 'gone') await ends.opened
          return { id, total: 1 }
        }),
      ],
    })
    const caller = await lab.bus({ stopTimeout: '1s' })
    const asking = lab.rejection(lab.request(caller, new PlaceOrder({ id: 'gone' }), { timeout: '20s' }))
    await lab.until('it runs', () => runs === 1)
    await lab.stop(caller)
    await asking
    // Its reply address goes with its life, if not with it.
    await lab.pass(lab.time === 'virtual' ? 3_600_000 : 1_000)
    ends.open()
    await lab.until('the request is accepted', () =>
      lab.seen('settle').some(({ endpoint, disposition }) => endpoint === 'orders' && disposition === 'accepted'),
    )
    lab.check('it ran once').equal(runs, 1)
    lab.check('it is no dead letter').empty(await lab.doors.deadLetters('orders'))
    const other = await lab.bus()
    lab.check('the next requester is answered').equal(await lab.request(other, new PlaceOrder({ id: 'o2' })), { id: 'o2', total: 1 })
    await lab.quiet()
  },
}

export const unknownConversation: Scenario = {
  id: 'RR-11',
  title: 'a reply that answers nothing is taken, counted and changes no request',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 1,
  async run(lab) {
    const ends = gate()
    await lab.bus({ handlers: [handle(GetOrder, async ({ id }) => (await ends.opened, { id, total: 1 }))] })
    const caller = await lab.bus()
    const asking = lab.request(caller, new GetOrder({ id: 'o1' }), { id: 'request-1', timeout: '30s' })
    await lab.until('the request is there', () => lab.seen('deliver').length > 0)
    const { endpoints } = await lab.doors.entities()
    const replies = endpoints.find(({ name }) => name.startsWith('caller.replies'))?.name
    lab.check('there is a reply endpoint').isTrue(replies !== undefined)
    const forged = { ...foreign, type: 'orders.get', source: 'mallory', kind: 'reply' }
    await lab.doors.publish(
      { endpoint: replies ?? '' },
      { body: '{"id":"o1","total":666}', envelope: { ...forged, id: 'f1', causationId: 'request-of-nobody' } },
    )
    await lab.doors.publish({ endpoint: replies ?? '' }, { body: '{"id":"o1","total":666}', envelope: { ...forged, id: 'f2' } })
    await lab.until('both are counted', () => lab.seen('count').filter(({ what }) => what === 'late-reply').length === 2)
    ends.open()
    lab.check('the request gets its own reply').equal(await asking, { id: 'o1', total: 1 })
    await lab.quiet()
  },
}

export const expiredRequest: Scenario = {
  id: 'RR-13',
  title: 'a request that is over before it is handled neither runs nor is answered, and is counted',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 20,
  async run(lab) {
    const handled: string[] = []
    const handlers = [handle(GetOrder, ({ id }) => (handled.push(id), { id, total: 1 }))]
    await lab.stop(await lab.bus({ handlers }))
    const caller = await lab.bus()
    const errors = await Promise.all(ids(20).map((id) => lab.rejection(lab.request(caller, new GetOrder({ id }), { timeout: '1s' }))))
    lab.check('all of them timed out').empty(errors.filter((error) => error === undefined))
    // Longer than the allowance for clocks that differ.
    await lab.pass(6_000)
    await lab.bus({ handlers })
    await lab.quiet()
    lab.check('none has run').empty(handled)
    lab.check('each is counted').equal(lab.seen('count').filter(({ what }) => what === 'expired-request').length, 20)
    lab.check('no reply left').empty(lab.seen('send').filter(({ purpose }) => purpose === 'reply'))
  },
}

export const requestOverCut: Scenario = {
  id: 'RR-08',
  title: 'a connection that is cut between request and reply costs the reply at most: the request ends by its time-out, and the next one works',
  group: 'RR',
  tier: 'F',
  needs: ['private-address', 'replies', 'door:cut'],
  deliveries: 2,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    let runs = 0
    await lab.bus({
      handlers: [
        handle(GetOrder, async ({ id }) => {
          runs += 1
          await lab.pass(200)
          return { id, total: 1 }
        }),
      ],
    })
    const caller = await lab.bus()
    const asking = lab.rejection(lab.request(caller, new GetOrder({ id: 'o1' }), { timeout: '10s' }))
    await lab.until('it runs', () => runs === 1)
    await lab.faults.cut({ on: caller })
    const error = await asking
    lab.check('answered, or over in time').isTrue(error === undefined || (error as { code?: string }).code === 'WAYBILL_REQUEST_TIMEOUT', String(error))
    lab.check('the next one is answered').equal(await lab.request(caller, new GetOrder({ id: 'o2' })), { id: 'o2', total: 1 })
    await lab.quiet()
  },
}

export const oneOfTwoAborts: Scenario = {
  id: 'RR-06',
  title: 'of two requests at once the one whose caller aborts ends, and the other gets its reply',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 2,
  async run(lab) {
    const ends = gate()
    await lab.bus({ handlers: [handle(GetOrder, async ({ id }) => (await ends.opened, { id, total: 1 }))] })
    const caller = await lab.bus()
    const abort = new AbortController()
    const gone = lab.rejection(lab.request(caller, new GetOrder({ id: 'gone' }), { signal: abort.signal }))
    const kept = lab.request(caller, new GetOrder({ id: 'kept' }))
    await lab.until('both run', () => lab.seen('invoke').length === 2)
    abort.abort(new Error('the user went away'))
    lab.check('it rejects with the reason of its caller').error(await gone, { message: 'the user went away' })
    lab.check('one is still waited for').equal(caller.health().requests, 1)
    ends.open()
    lab.check('the other has its reply').equal(await kept, { id: 'kept', total: 1 })
    lab.check('nothing is waited for').equal(caller.health().requests, 0)
    await lab.quiet()
  },
}
