import { handle } from '@waybill/core'
import type { Lab } from '../../lab/lab.js'
import { show } from '../../lab/show.js'
import { CancelOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

const listen = async (lab: Lab): Promise<Record<string, string>[]> => {
  const seen: Record<string, string>[] = []
  await lab.bus({ handlers: [handle(CancelOrder, (_, { headers }) => void seen.push({ ...headers }))] })
  return seen
}

export const unicodeHeaders: Scenario = {
  id: 'PL-07',
  title: 'header names and values in any script arrive as they were',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const seen = await listen(lab)
    const caller = await lab.bus()
    const headers = { имя: 'значение', '🙂': '👩‍👩‍👧', 'with space': ' padded ', empty: '', percent: '%41&=;,"\\', 'x:y': '1' }
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { headers })
    await lab.quiet()
    lab.check('each as it was').equal(seen, [headers])
  },
}

export const headerCounts: Scenario = {
  id: 'PL-08',
  title: 'none, one, ten, eleven, fifty and two hundred headers all arrive, and so do 32 KiB of them, half of it in one',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 7,
  async run(lab) {
    const seen = await listen(lab)
    const caller = await lab.bus()
    const given = [
      ...[0, 1, 10, 11, 50, 200].map((count) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`h-${n}`, `value ${n}`]))),
      { ...Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`big-${n}`, 'x'.repeat(1_024)])), long: 'y'.repeat(16_384) },
    ]
    for (const headers of given) await lab.send(caller, new CancelOrder({ id: 'o1' }), { headers })
    await lab.quiet()
    const sorted = (each: Record<string, string>): string => JSON.stringify(Object.entries(each).toSorted())
    lab.check('all of them').sameMembers(seen.map(sorted), given.map(sorted))
  },
}

export const headerTypes: Scenario = {
  id: 'PL-09',
  title: 'a header that is no text is refused at the call, by its name',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const seen = await listen(lab)
    const caller = await lab.bus()
    for (const value of [7, Number.NaN, true, null, undefined, new Date(0), new Uint8Array(1), { nested: 1 }]) {
      const error = await lab.rejection((async () => lab.send(caller, new CancelOrder({ id: 'o1' }), { headers: { 'x-odd': value as unknown as string } }))())
      lab.check(`${show(value)} is refused`).error(error, { code: 'WAYBILL_SEND_OPTION' })
      lab.check(`the error for ${show(value)} names the header`).matches(error instanceof Error ? error.message : '', 'x-odd')
    }
    await lab.quiet()
    lab.check('nothing arrived').empty(seen)
  },
}

export const headerCase: Scenario = {
  id: 'PL-10',
  title: 'header names keep their case: two that differ in it alone are two',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const seen = await listen(lab)
    const caller = await lab.bus()
    const headers = { 'X-Tag': 'upper', 'x-tag': 'lower' }
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { headers })
    await lab.quiet()
    lab.check('both').equal(seen, [headers])
  },
}

export const reservedNames: Scenario = {
  id: 'PL-11',
  title: 'the names of the framework are refused as headers of a user, and none of its own reach a handler',
  group: 'PL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('failed, again')
    const seen: string[][] = []
    await lab.bus({
      handlers: [
        handle(CancelOrder, { retry: { immediate: 0, delayed: ['1s'] } }, (_, { headers, attempt }) => {
          seen.push(Object.keys(headers))
          if (attempt === 1) throw new Error('once')
        }),
      ],
    })
    const caller = await lab.bus()
    for (const name of ['ce_id', 'ce-type', 'cloudEvents:id', 'waybill-attempt', 'content-type', 'Content-Type', '__proto__']) {
      const error = await lab.rejection((async () => lab.send(caller, new CancelOrder({ id: 'o1' }), { headers: Object.fromEntries([[name, 'x']]) }))())
      lab.check(`${name} is refused`).error(error, { code: 'WAYBILL_SEND_OPTION' })
    }
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { headers: { 'x-own': '1' } })
    await lab.quiet()
    lab.check('a handler sees the user’s alone, also at a retry').equal(seen, [['x-own'], ['x-own']])
  },
}
