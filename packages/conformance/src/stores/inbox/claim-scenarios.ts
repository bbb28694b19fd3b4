import type { InboxClaim, InboxStore } from '@waybill/core/contract'
import type { StoreScenario } from '../store-suite.js'
import { watched } from '../watched.js'
import { asked, claimed, completed, never, reply, request, stateOf, waiting, type InboxPlace } from './inbox-place.js'

/** Who gets a row, who waits, and what becomes of those who wait. */
export const claimScenarios: readonly StoreScenario<InboxPlace>[] = [
  {
    id: 'IN-01',
    title: 'A row that nobody has is claimed, and done when its holder completes it',
    async run(lab) {
      const store = await lab.place.open()
      await completed(lab, await claimed(lab, store, request(lab.place)))
      const again = await asked(lab.place, store, request(lab.place))
      lab.checks.named('a duplicate is told that it is done').equal(stateOf(again), 'done')
    },
  },
  {
    id: 'IN-02',
    title: 'What is done is done for every process',
    async run(lab) {
      const [first, second] = [await lab.place.open(), await lab.place.open()]
      await completed(lab, await claimed(lab, first, request(lab.place)))
      lab.checks.named('done in the other process').equal(stateOf(await asked(lab.place, second, request(lab.place))), 'done')
    },
  },
  {
    id: 'IN-03',
    title: 'A row that is held is answered at once, and never given to a second one',
    async run(lab) {
      const [first, second] = [await lab.place.open(), await lab.place.open()]
      const holder = await claimed(lab, first, request(lab.place))
      const [same, other] = [await waiting(lab, first, request(lab.place)), await waiting(lab, second, request(lab.place))]
      lab.checks.named('both wait').equal([same?.state, other?.state], ['waiting', 'waiting'])
      await completed(lab, holder)
    },
  },
  {
    id: 'IN-04',
    title: 'Who waits is told that it is done when the holder completes',
    async run(lab) {
      const [first, second] = [await lab.place.open(), await lab.place.open()]
      const holder = await claimed(lab, first, request(lab.place))
      const waits = [await waiting(lab, first, request(lab.place)), await waiting(lab, second, request(lab.place))]
      await completed(lab, holder, reply)
      await lab.place.advance(0)
      lab.checks.named('both are told').equal(
        waits.map((wait) => wait && stateOf(wait)),
        ['done', 'done'],
      )
      const replies = waits.map((wait) => (wait?.value?.state === 'done' ? wait.value.reply?.body?.length : undefined))
      lab.checks.named('with the reply').equal(replies, [256, 256])
    },
  },
  {
    id: 'IN-05',
    title: 'Who waits gets the row when the holder releases it',
    async run(lab) {
      const [first, second] = [await lab.place.open(), await lab.place.open()]
      const holder = await claimed(lab, first, request(lab.place))
      const wait = await waiting(lab, second, request(lab.place))
      await holder?.release()
      await lab.place.advance(0)
      lab.checks.named('the row is handed on').equal(wait && stateOf(wait), 'claimed')
      await completed(lab, wait?.value?.state === 'claimed' ? wait.value : undefined)
    },
  },
  {
    id: 'IN-06',
    title: 'Of many that wait one gets a released row, and the others wait on',
    async run(lab) {
      const store = await lab.place.open()
      let holder = await claimed(lab, store, request(lab.place))
      const waits = await Promise.all(Array.from({ length: 5 }, () => waiting(lab, store, request(lab.place))))
      const had = new Set<InboxClaim>()
      for (let round = 1; round <= waits.length; round += 1) {
        await holder?.release()
        await lab.place.advance(0)
        const got = waits.flatMap((wait) => (wait?.value?.state === 'claimed' && !had.has(wait.value) ? [wait.value] : []))
        lab.checks.named(`release ${round} gives the row to one`).equal(got.length, 1)
        for (const claim of got) had.add(claim)
        holder = got[0]
      }
    },
  },
  {
    id: 'IN-07',
    title: 'Of fifty that claim at once one gets the row, and no claim fails',
    async run(lab) {
      const stores = [await lab.place.open(), await lab.place.open()]
      const answers = Array.from({ length: 50 }, (_, index) => watched((stores[index % 2] as InboxStore).claim(request(lab.place), never)))
      await lab.place.advance(0)
      const states = answers.map(stateOf)
      lab.checks.named('one has it').equal(states.filter((state) => state === 'claimed').length, 1)
      lab.checks.named('the others are held').equal(states.filter((state) => state === 'held').length, 49)
    },
  },
  {
    id: 'IN-08',
    title: 'A hundred messages, each twice at the same time in two processes, are each done once',
    async run(lab) {
      const stores = [await lab.place.open(), await lab.place.open()]
      const effects = new Map<string, number>()
      const work = async (store: InboxStore, id: string): Promise<string> => {
        let answer = await store.claim(request(lab.place, { id }), never)
        if (answer.state === 'held') answer = await answer.wait()
        if (answer.state !== 'claimed') return answer.state
        effects.set(id, (effects.get(id) ?? 0) + 1)
        return answer.complete({})
      }
      const ids = Array.from({ length: 100 }, (_, index) => `message-${index}`)
      const ended = ids.flatMap((id) => stores.map((store) => watched(work(store, id))))
      await lab.place.advance(0)
      lab.checks.named('every one ends as done').equal(new Set(ended.map(({ state, value }) => value ?? state)), new Set(['done']))
      lab.checks.named('each has one effect').equal(
        [...effects.values()],
        ids.map(() => 1),
      )
    },
  },
  {
    id: 'IN-09',
    title: 'A released row leaves no trace',
    async run(lab) {
      const store = await lab.place.open()
      await (await claimed(lab, store, request(lab.place)))?.release()
      await lab.place.advance(0)
      await completed(lab, await claimed(lab, store, request(lab.place)))
    },
  },
  {
    id: 'IN-10',
    title: 'Completing twice is done, and releasing what is done changes nothing',
    async run(lab) {
      const store = await lab.place.open()
      const holder = await claimed(lab, store, request(lab.place))
      await completed(lab, holder)
      await completed(lab, holder)
      await holder?.release()
      lab.checks.named('still done').equal(stateOf(await asked(lab.place, store, request(lab.place))), 'done')
    },
  },
  {
    id: 'IN-11',
    title: 'A claim that is released cannot be completed',
    async run(lab) {
      const store = await lab.place.open()
      const holder = await claimed(lab, store, request(lab.place))
      await holder?.release()
      const late = watched(holder?.complete({}) ?? Promise.resolve('done'))
      await lab.place.advance(0)
      lab.checks.named('it is not done').isTrue(late.value !== 'done', 'done')
      lab.checks.named('the next one gets it').equal(stateOf(await asked(lab.place, store, request(lab.place))), 'claimed')
    },
  },
  {
    id: 'IN-12',
    title: 'A claim whose signal has aborted is rejected, and holds nothing',
    async run(lab) {
      const store = await lab.place.open()
      const answer = await asked(lab.place, store, request(lab.place), AbortSignal.abort(new Error('given up')))
      lab.checks.named('rejected').equal(answer.state, 'rejected')
      await claimed(lab, store, request(lab.place))
    },
  },
  {
    id: 'IN-13',
    title: 'A wait whose signal aborts is rejected, and the row goes to the next that waits',
    async run(lab) {
      const store = await lab.place.open()
      const holder = await claimed(lab, store, request(lab.place))
      const given = new AbortController()
      const first = await waiting(lab, store, request(lab.place), given.signal)
      const second = await waiting(lab, store, request(lab.place))
      given.abort(new Error('given up'))
      await lab.place.advance(0)
      lab.checks.named('rejected').equal(first?.state, 'rejected')
      await holder?.release()
      await lab.place.advance(0)
      lab.checks.named('the other one has it').equal(second && stateOf(second), 'claimed')
    },
  },
]
