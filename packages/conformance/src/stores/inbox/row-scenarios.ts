import type { InboxRequest } from '@waybill/core/contract'
import type { StoreScenario } from '../store-suite.js'
import { asked, claimed, completed, reply, request, stateOf, type InboxLab, type InboxPlace } from './inbox-place.js'

/** Done once as it is, then claimed with another key: two rows. */
async function apart(lab: InboxLab, one: Partial<InboxRequest>, other: Partial<InboxRequest>): Promise<void> {
  const store = await lab.place.open()
  await completed(lab, await claimed(lab, store, request(lab.place, one)))
  await completed(lab, await claimed(lab, store, request(lab.place, other)))
  for (const changes of [one, other]) {
    lab.checks.named('each is done by itself').equal(stateOf(await asked(lab.place, store, request(lab.place, changes))), 'done')
  }
}

/** What a row is, and what it keeps. */
export const rowScenarios: readonly StoreScenario<InboxPlace>[] = [
  {
    id: 'IN-14',
    title: 'Two handlers of one message have a row each',
    run: (lab) => apart(lab, {}, { handler: 'orders.audit' }),
  },
  {
    id: 'IN-15',
    title: 'Two endpoints that get one message have a row each',
    run: (lab) => apart(lab, {}, { endpoint: 'orders.bulk' }),
  },
  {
    id: 'IN-16',
    title: 'Two sources that number their messages alike have a row each',
    run: (lab) => apart(lab, { id: '1', source: '//producer-a' }, { id: '1', source: '//producer-b' }),
  },
  {
    id: 'IN-17',
    title: 'Parts that look alike when they are put together are different rows',
    run: (lab) => apart(lab, { source: 'a', id: 'b:c' }, { source: 'a:b', id: 'c' }),
  },
  {
    id: 'IN-18',
    title: 'Names and ids of any form come back as they are',
    async run(lab) {
      await apart(lab, { id: `${'long'.repeat(250)} "ünï✓"\n'; --` }, { id: `${'long'.repeat(250)} "ünï✓"\n'; -- ` })
      // What a database may not take as text is an id like any other.
      await apart(lab, { source: '__proto__', id: 'nul\0' }, { source: '__proto__', id: 'nul\0\0' })
    },
  },
  {
    id: 'IN-19',
    title: 'What is done under a former name of the handler is done',
    async run(lab) {
      const store = await lab.place.open()
      await completed(lab, await claimed(lab, store, request(lab.place, { handler: 'Billing.old' })))
      const renamed = request(lab.place, { handler: 'billing.invoice', formerHandlers: ['Billing.oldest', 'Billing.old'] })
      lab.checks.named('done under the former name').equal(stateOf(await asked(lab.place, store, renamed)), 'done')
      lab.checks.named('and for nobody else').equal(stateOf(await asked(lab.place, store, { ...renamed, formerHandlers: [] })), 'claimed')
    },
  },
  {
    id: 'IN-20',
    title: 'A duplicate gets the reply back, equal in every byte and header',
    async run(lab) {
      const store = await lab.place.open()
      await completed(lab, await claimed(lab, store, request(lab.place)), reply)
      const answer = await asked(lab.place, await lab.place.open(), request(lab.place))
      const kept = answer.value?.state === 'done' ? answer.value.reply : undefined
      const { body, headers, system, ...rest } = reply
      lab.checks.named('the body').equal(kept?.body && [...kept.body], [...(body ?? [])])
      lab.checks.named('the headers').equal({ ...kept?.headers, '': '' }, { ...headers, '': '' })
      lab.checks.named("the framework's headers").equal({ ...kept?.system, '': '' }, { ...system, '': '' })
      for (const [name, value] of Object.entries(rest)) lab.checks.named(name).equal(kept && Reflect.get(kept, name), value)
    },
  },
  {
    id: 'IN-21',
    title: 'A row that was completed without a reply has none',
    async run(lab) {
      const store = await lab.place.open()
      await completed(lab, await claimed(lab, store, request(lab.place)))
      const answer = await asked(lab.place, store, request(lab.place))
      lab.checks
        .named('done, without a reply')
        .equal(answer.value && { state: answer.value.state, reply: Reflect.get(answer.value, 'reply') }, { state: 'done', reply: undefined })
    },
  },
]
