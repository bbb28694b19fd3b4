import { handle } from '@waybill/core'
import { CancelOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const exactAttempts: Scenario = {
  id: 'RD-01',
  title: 'a handler is tried as often as its policy says, counted from 1 without a gap, and then it is a dead letter',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 2,
  async run(lab) {
    const attempts: number[] = []
    lab.expectLog(/failed, again|dead-lettered/)
    await lab.bus({
      handlers: [
        handle(CancelOrder, { retry: { immediate: 1, delayed: ['1s'] } }, (_, { attempt }) => {
          attempts.push(attempt)
          throw new Error(`attempt ${attempt}`)
        }),
      ],
    })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'message-1' })
    await lab.quiet()
    lab.check('the attempts count up without a gap, to the bound of the policy').equal(attempts, [1, 2, 3, 4])
    const dead = await lab.doors.deadLetters('orders')
    lab.check('then it is a dead letter').equal(
      dead.map(({ envelope }) => [envelope.id, envelope.system['dead-letter-reason']]),
      [['message-1', 'retries-exhausted']],
    )
  },
}
