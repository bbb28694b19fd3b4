import { handle } from '@waybill/core'
import { PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

const hostile = [
  "'; DROP TABLE orders; --",
  '" OR ""="',
  '${7*7}',
  '$(reboot)',
  '`reboot`',
  '%00%27',
  '*.#',
  '\\u0027;',
  '<script>alert(1)</script>',
  '../../etc/passwd',
]

export const hostileText: Scenario = {
  id: 'SE-12',
  title: 'text that means something to a database, a shell or a broker means nothing: as id, key, header and body it arrives as it is',
  group: 'SE',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: hostile.length,
  async run(lab) {
    const seen: string[][] = []
    await lab.bus({
      handlers: [
        handle(PlaceOrder, ({ id, note = '' }, context) => {
          seen.push([context.id, context.key ?? '', context.headers['x-tag'] ?? '', note])
          return { id, total: 0 }
        }),
      ],
    })
    const caller = await lab.bus()
    const before = await lab.doors.entities()
    for (const text of hostile) await lab.send(caller, new PlaceOrder({ id: 'o1', note: text }), { id: text, key: text, headers: { 'x-tag': text } })
    await lab.quiet()
    lab.check('each arrives as it is').equal(
      seen.toSorted((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)),
      hostile.toSorted((a, b) => (a < b ? -1 : 1)).map((text) => [text, text, text, text]),
    )
    lab.check('the broker has what it had').equal((await lab.doors.entities()).endpoints.length, before.endpoints.length)
  },
}
